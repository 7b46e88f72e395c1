/** The webhook configurations that policies need in the cluster. */
@NullMarked
package dev.warder.operator.webhookconfig;

import org.jspecify.annotations.NullMarked;

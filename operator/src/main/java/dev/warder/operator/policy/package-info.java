/** The journey from a manifest to enforcement. */
@NullMarked
package dev.warder.operator.policy;

import org.jspecify.annotations.NullMarked;

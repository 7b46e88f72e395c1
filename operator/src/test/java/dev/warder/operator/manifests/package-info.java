@NullMarked
package dev.warder.operator.manifests;

import org.jspecify.annotations.NullMarked;

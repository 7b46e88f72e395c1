@NullMarked
package dev.warder.controlplane;

import org.jspecify.annotations.NullMarked;

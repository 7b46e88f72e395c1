@NullMarked
package dev.warder.policy;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.warder.cli;

import org.jspecify.annotations.NullMarked;

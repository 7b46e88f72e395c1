/** The {@code warder} program: maps commands and options to the parts that do the work. */
@NullMarked
package dev.warder.cli;

import org.jspecify.annotations.NullMarked;

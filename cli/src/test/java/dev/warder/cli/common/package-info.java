/** Tests of what the commands share. */
@NullMarked
package dev.warder.cli.common;

import org.jspecify.annotations.NullMarked;

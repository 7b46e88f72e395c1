/** The admission server without a cluster: its policies come from a file. */
@NullMarked
package dev.warder.cli.serve;

import org.jspecify.annotations.NullMarked;

/** Measures a policy in this process: what {@code warder bench} does once options are read. */
@NullMarked
package dev.warder.cli.bench;

import org.jspecify.annotations.NullMarked;

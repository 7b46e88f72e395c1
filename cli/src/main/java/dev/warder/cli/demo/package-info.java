/** {@code warder demo}: the whole story on a real API server. */
@NullMarked
package dev.warder.cli.demo;

import org.jspecify.annotations.NullMarked;

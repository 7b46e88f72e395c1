/** Measures a checkout on this machine; bench/README.md says what and how. */
@NullMarked
package dev.warder.bench;

import org.jspecify.annotations.NullMarked;

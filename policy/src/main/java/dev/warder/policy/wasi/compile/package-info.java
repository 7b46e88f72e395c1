/**
 * Compiles modules in a short-lived process of their own, which no module can make grow or hang.
 */
@NullMarked
package dev.warder.policy.wasi.compile;

import org.jspecify.annotations.NullMarked;

/** The engine: compiles and runs modules. The only package that knows Chicory. */
@NullMarked
package dev.warder.policy.wasi;

import org.jspecify.annotations.NullMarked;

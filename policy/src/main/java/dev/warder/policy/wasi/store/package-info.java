/** Compiled programs on disk: whoever can write there must not get code into this process. */
@NullMarked
package dev.warder.policy.wasi.store;

import org.jspecify.annotations.NullMarked;

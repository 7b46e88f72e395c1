/**
 * From a module that Go's compiler made to one that starts where it first asks its host: bytes in,
 * bytes out. Knows no engine.
 */
@NullMarked
package dev.warder.policy.wasi.golang;

import org.jspecify.annotations.NullMarked;

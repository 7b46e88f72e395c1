/**
 * What compiled guest code works on: its linear memory and its globals. Public because that code is
 * defined by a class loader of its own.
 */
@NullMarked
package dev.warder.policy.wasi.machine;

import org.jspecify.annotations.NullMarked;

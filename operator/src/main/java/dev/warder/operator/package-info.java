/** Assembles the operator. */
@NullMarked
package dev.warder.operator;

import org.jspecify.annotations.NullMarked;

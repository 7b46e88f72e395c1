/** Servers that misbehave on purpose, for the tests of this and other modules. */
@NullMarked
package dev.warder.policy.testing;

import org.jspecify.annotations.NullMarked;

/** JSON from outside: read strictly, and held against the shape that it must have. */
@NullMarked
package dev.warder.policy.json;

import org.jspecify.annotations.NullMarked;

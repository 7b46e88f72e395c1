/** How much one evaluation may use: what the instance gives, and what a policy asks for. */
@NullMarked
package dev.warder.operator.budget;

import org.jspecify.annotations.NullMarked;

/** How a policy's answer becomes a verdict. */
@NullMarked
package dev.warder.policy.evaluation;

import org.jspecify.annotations.NullMarked;

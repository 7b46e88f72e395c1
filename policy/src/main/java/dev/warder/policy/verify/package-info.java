/** Proves that stored bytes are the ones that were asked for. */
@NullMarked
package dev.warder.policy.verify;

import org.jspecify.annotations.NullMarked;

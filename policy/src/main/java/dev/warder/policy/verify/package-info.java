/**
 * Proves that stored bytes are the ones that were asked for, and that the right people signed them.
 */
@NullMarked
package dev.warder.policy.verify;

import org.jspecify.annotations.NullMarked;

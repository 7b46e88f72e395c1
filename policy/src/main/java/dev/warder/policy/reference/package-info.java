/** Where a module is, and its digest. */
@NullMarked
package dev.warder.policy.reference;

import org.jspecify.annotations.NullMarked;

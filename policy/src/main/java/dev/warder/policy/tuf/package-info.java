/** Follows The Update Framework to the trust root that Sigstore's public instance has now. */
@NullMarked
package dev.warder.policy.tuf;

import org.jspecify.annotations.NullMarked;

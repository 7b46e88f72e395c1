/** Certificates. */
@NullMarked
package dev.warder.policy.host.crypto;

import org.jspecify.annotations.NullMarked;

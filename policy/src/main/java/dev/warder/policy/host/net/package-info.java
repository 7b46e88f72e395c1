/** Host names. */
@NullMarked
package dev.warder.policy.host.net;

import org.jspecify.annotations.NullMarked;

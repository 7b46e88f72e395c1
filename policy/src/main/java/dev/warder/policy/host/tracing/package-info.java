/** What guests log. */
@NullMarked
package dev.warder.policy.host.tracing;

import org.jspecify.annotations.NullMarked;

/** Which policies are served: one immutable snapshot, replaced as a whole. */
@NullMarked
package dev.warder.webhook.registry;

import org.jspecify.annotations.NullMarked;

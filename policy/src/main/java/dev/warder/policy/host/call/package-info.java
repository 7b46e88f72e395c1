/** What all host calls share: bounded queues, and answers that are kept for a while. */
@NullMarked
package dev.warder.policy.host.call;

import org.jspecify.annotations.NullMarked;

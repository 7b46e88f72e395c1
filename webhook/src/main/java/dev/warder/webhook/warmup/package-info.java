/** Makes served policies fast before anybody waits for them. */
@NullMarked
package dev.warder.webhook.warmup;

import org.jspecify.annotations.NullMarked;

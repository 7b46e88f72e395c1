/** What the server counts and measures; every label is bounded. */
@NullMarked
package dev.warder.webhook.metrics;

import org.jspecify.annotations.NullMarked;

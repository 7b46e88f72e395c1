/** The admission server and its management twin: routes, queue, deadlines, verdicts. */
@NullMarked
package dev.warder.webhook.http;

import org.jspecify.annotations.NullMarked;

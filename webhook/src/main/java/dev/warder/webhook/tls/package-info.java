/** The serving certificate, checked before it is used. */
@NullMarked
package dev.warder.webhook.tls;

import org.jspecify.annotations.NullMarked;

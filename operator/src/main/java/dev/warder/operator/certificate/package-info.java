/** The certificate that the webhook serves, and the authority behind it. */
@NullMarked
package dev.warder.operator.certificate;

import org.jspecify.annotations.NullMarked;

/** The only writers of status and Events. */
@NullMarked
package dev.warder.operator.status;

import org.jspecify.annotations.NullMarked;

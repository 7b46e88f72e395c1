/** The last good generation of each policy, kept across restarts. */
@NullMarked
package dev.warder.operator.revision;

import org.jspecify.annotations.NullMarked;

/** What guests may ask the host for, behind one gate that denies by default. */
@NullMarked
package dev.warder.policy.host;

import org.jspecify.annotations.NullMarked;

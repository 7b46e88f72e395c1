/** The module's own description: a custom section of JSON. */
@NullMarked
package dev.warder.policy.metadata;

import org.jspecify.annotations.NullMarked;

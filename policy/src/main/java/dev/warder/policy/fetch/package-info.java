/** Gets a module's bytes into the store on disk. */
@NullMarked
package dev.warder.policy.fetch;

import org.jspecify.annotations.NullMarked;

/** What guests ask registries for. */
@NullMarked
package dev.warder.policy.host.oci;

import org.jspecify.annotations.NullMarked;

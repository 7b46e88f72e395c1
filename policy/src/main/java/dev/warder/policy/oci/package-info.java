/** What others may read of an OCI repository, wherever it is. */
@NullMarked
package dev.warder.policy.oci;

import org.jspecify.annotations.NullMarked;

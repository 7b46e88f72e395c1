/** What guests read of the cluster; the only package below the operator that knows its client. */
@NullMarked
package dev.warder.policy.host.kubernetes;

import org.jspecify.annotations.NullMarked;

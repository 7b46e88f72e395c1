/** Beginnings: of policies, of manifests, of requests. */
@NullMarked
package dev.warder.cli.scaffold;

import org.jspecify.annotations.NullMarked;

/** The custom resources as Java types; the CRD manifests in config/crd are generated from them. */
@NullMarked
package dev.warder.crd;

import org.jspecify.annotations.NullMarked;

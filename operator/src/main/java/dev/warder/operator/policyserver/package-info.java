/**
 * The PolicyServer resource: where an instance's modules come from and who must have signed them.
 */
@NullMarked
package dev.warder.operator.policyserver;

import org.jspecify.annotations.NullMarked;

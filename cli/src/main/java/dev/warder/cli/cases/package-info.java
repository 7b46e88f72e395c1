/** Cases that a policy must decide as written down: {@code warder test}. */
@NullMarked
package dev.warder.cli.cases;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.warder.cli.cases;

import org.jspecify.annotations.NullMarked;

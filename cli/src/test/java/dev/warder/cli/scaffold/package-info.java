@NullMarked
package dev.warder.cli.scaffold;

import org.jspecify.annotations.NullMarked;

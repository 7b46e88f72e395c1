@NullMarked
package dev.warder.cli.bench;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.warder.cli.serve;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.warder.cli.demo;

import org.jspecify.annotations.NullMarked;

package dev.warder.cli.common;

/** For whom output is: people or programs. */
public enum Format {
  TEXT,
  JSON
}

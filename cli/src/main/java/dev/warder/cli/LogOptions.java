package dev.warder.cli;

import ch.qos.logback.classic.Level;
import dev.warder.cli.common.Format;
import dev.warder.cli.common.Logs;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Options of the commands that go on until they are ended. */
final class LogOptions {
  @Option(
      names = {"--log-format", "--log-fmt"},
      paramLabel = "text|json",
      defaultValue = "text",
      description = "How log lines look; they go to standard error (default: ${DEFAULT-VALUE}).")
  private Format format;

  @Option(
      names = "--log-level",
      paramLabel = "error|warn|info|debug|trace",
      defaultValue = "info",
      converter = LevelConverter.class,
      description = "What is logged (default: ${DEFAULT-VALUE}).")
  private Level level;

  /** Level names that logback would otherwise silently turn into DEBUG. */
  static final class LevelConverter implements CommandLine.ITypeConverter<Level> {
    @Override
    public Level convert(String name) {
      return switch (name.toLowerCase(Locale.ROOT)) {
        case "error" -> Level.ERROR;
        case "warn" -> Level.WARN;
        case "info" -> Level.INFO;
        case "debug" -> Level.DEBUG;
        case "trace" -> Level.TRACE;
        default ->
            throw new CommandLine.TypeConversionException(
                "'" + name + "' is none of error, warn, info, debug, trace");
      };
    }
  }

  void apply() {
    Logs.toStandardError(format, level);
  }
}

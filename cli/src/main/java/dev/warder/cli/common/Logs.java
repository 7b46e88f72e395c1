package dev.warder.cli.common;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where log lines go. Standard output belongs to the answers of commands, so never there. */
public final class Logs {
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX, UTC} %-5level %logger{24} - %msg%n%ex";

  private Logs() {}

  /** Only warnings and errors, as text. */
  public static void quiet() {
    toStandardError(Format.TEXT, Level.WARN);
  }

  /** From a level on. */
  public static void toStandardError(Format format, Level level) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setTarget("System.err");
    var encoder = format == Format.JSON ? new JsonEncoder() : text();
    install(context, appender, encoder, level);
  }

  /** From INFO on, as text. */
  public static void toFile(Path file) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    var appender = new FileAppender<ILoggingEvent>();
    appender.setFile(file.toString());
    install(context, appender, text(), Level.INFO);
  }

  private static PatternLayoutEncoder text() {
    var encoder = new PatternLayoutEncoder();
    encoder.setPattern(PATTERN);
    return encoder;
  }

  private static void install(
      LoggerContext context,
      OutputStreamAppender<ILoggingEvent> appender,
      Encoder<ILoggingEvent> encoder,
      Level level) {
    context.reset();
    encoder.setContext(context);
    encoder.start();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.start();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(level);
    root.addAppender(appender);
  }
}

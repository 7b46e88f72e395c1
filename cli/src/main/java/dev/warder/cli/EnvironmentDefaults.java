package dev.warder.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The environment twin of every option: {@code WARDER_EVAL_TIMEOUT} is {@code --eval-timeout}. */
final class EnvironmentDefaults implements IDefaultValueProvider {
  private final Environment environment;

  /** Where variables are looked up. */
  @FunctionalInterface
  interface Environment {
    @Nullable String get(String name);
  }

  EnvironmentDefaults() {
    this(System::getenv);
  }

  EnvironmentDefaults(Environment environment) {
    this.environment = environment;
  }

  static String variable(String option) {
    return "WARDER_" + option.replaceFirst("^--", "").replace('-', '_').toUpperCase(Locale.ROOT);
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (argument instanceof OptionSpec option && !option.usageHelp() && !option.versionHelp()) {
      var value = environment.get(variable(option.longestName()));
      if (value != null && !value.isEmpty()) {
        return value;
      }
    }
    return null;
  }
}

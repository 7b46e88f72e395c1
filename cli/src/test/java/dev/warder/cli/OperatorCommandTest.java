package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.operator.RetryDelays;
import dev.warder.operator.WebhookEndpoint;
import dev.warder.operator.budget.BudgetRange;
import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.wasi.EvaluationBudget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class OperatorCommandTest {
  @Test
  void withoutOptionsItRunsInACluster() {
    var config = parse(Map.of()).config();

    assertThat(config.instance()).isEqualTo("default");
    assertThat(config.namespace()).isEqualTo("warder-system");
    assertThat(config.endpoint()).isEqualTo(new WebhookEndpoint.Service("warder", 443));
    assertThat(config.webhookPort()).isEqualTo(8443);
    assertThat(config.managementPort()).isEqualTo(8081);
    assertThat(config.fetchLimits()).isEqualTo(FetchLimits.defaults());
    assertThat(config.budgets()).isEqualTo(BudgetRange.defaults());
    assertThat(config.workers()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(config.sources().insecureHosts()).isEmpty();
    assertThat(config.warmUpCpu()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.retry()).isEqualTo(RetryDelays.defaults());
  }

  @Test
  void everyOptionReachesTheConfiguration() {
    var config =
        parse(
                Map.of(),
                "--instance=blue",
                "--namespace=policies",
                "--webhook-host=10.0.0.7",
                "--bind-address=127.0.0.1",
                "--webhook-port=0",
                "--management-port=9000",
                "--store=/srv/modules",
                "--max-module-size=1Mi",
                "--fetch-timeout=7s",
                "--insecure-source=a:5000,b",
                "--insecure-source=c",
                "--eval-timeout=300ms",
                "--eval-memory=64Mi",
                "--eval-stdout=2Mi",
                "--eval-stderr=3Ki",
                "--eval-host-calls=4",
                "--eval-host-replies=5Mi",
                "--max-eval-memory=128Mi",
                "--max-eval-stdout=20Mi",
                "--max-eval-stderr=30Ki",
                "--max-eval-host-calls=40",
                "--max-eval-host-replies=50Mi",
                "--workers=3",
                "--queue=9",
                "--warm-up-cpu=0",
                "--retry-first=2s",
                "--retry-max=3m")
            .config();

    assertThat(config.instance()).isEqualTo("blue");
    assertThat(config.namespace()).isEqualTo("policies");
    assertThat(config.endpoint()).isEqualTo(new WebhookEndpoint.Url("10.0.0.7"));
    assertThat(config.bindAddress()).isEqualTo("127.0.0.1");
    assertThat(config.webhookPort()).isZero();
    assertThat(config.managementPort()).isEqualTo(9000);
    assertThat(config.store()).isEqualTo(Path.of("/srv/modules"));
    assertThat(config.fetchLimits().maxModuleBytes()).isEqualTo(1 << 20);
    assertThat(config.fetchLimits().totalTimeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(config.sources().insecureHosts()).containsExactlyInAnyOrder("a:5000", "b", "c");
    assertThat(config.budgets().usual())
        .isEqualTo(
            new EvaluationBudget(Duration.ofMillis(300), 1024, 2 << 20, 3 << 10, 4, 5 << 20));
    assertThat(config.budgets().most())
        .isEqualTo(
            new EvaluationBudget(Duration.ofMillis(300), 2048, 20 << 20, 30 << 10, 40, 50 << 20));
    assertThat(config.workers()).isEqualTo(3);
    assertThat(config.queue()).isEqualTo(9);
    assertThat(config.warmUpCpu()).isZero();
    assertThat(config.retry())
        .isEqualTo(new RetryDelays(Duration.ofSeconds(2), Duration.ofMinutes(3)));
  }

  @Test
  void theEnvironmentStandsInForOptionsAndLosesAgainstThem() {
    var environment =
        Map.of(
            "WARDER_WEBHOOK_SERVICE", "policies:8443",
            "WARDER_EVAL_TIMEOUT", "1s",
            "WARDER_INSECURE_SOURCE", "a:5000,b",
            "WARDER_QUEUE", "5");

    var config = parse(environment, "--queue=6").config();

    assertThat(config.endpoint()).isEqualTo(new WebhookEndpoint.Service("policies", 8443));
    assertThat(config.budgets().usual().time()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.sources().insecureHosts()).containsExactlyInAnyOrder("a:5000", "b");
    assertThat(config.queue()).isEqualTo(6);
  }

  @Test
  void everyOptionHasADescriptionAndATwin() {
    var spec = new CommandLine(new OperatorCommand()).getCommandSpec();

    for (var option : spec.options()) {
      assertThat(option.description()).as(option.longestName()).isNotEmpty();
      assertThat(EnvironmentDefaults.variable(option.longestName())).matches("WARDER_[A-Z_]+");
    }
  }

  private static OperatorCommand parse(Map<String, String> environment, String... arguments) {
    var command = new OperatorCommand();
    new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setDefaultValueProvider(new EnvironmentDefaults(environment::get))
        .parseArgs(arguments);
    return command;
  }
}

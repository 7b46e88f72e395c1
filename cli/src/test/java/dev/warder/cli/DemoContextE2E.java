package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.warder.controlplane.ControlPlane;
import dev.warder.controlplane.ControlPlaneOptions;
import dev.warder.controlplane.Progress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** The demo as a guest of a cluster that stays. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class DemoContextE2E {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final String CONTEXT = "warder";

  private ControlPlane cluster;

  @BeforeAll
  void start() {
    // With the controllers, so that namespaces get their accounts and can be deleted.
    cluster =
        ControlPlane.start(
            ControlPlaneOptions.defaults().withControllerManager(), Progress.silent());
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  @Test
  @Order(1)
  void everyStepGoesAsExpectedAndNothingStays() throws Exception {
    var result = demo("--context", CONTEXT);

    assertThat(result.exitCode()).as(result.stderr() + result.stdout()).isZero();
    assertNothingIsLeft();
  }

  @Test
  @Order(2)
  void aClusterThatCannotReachTheWebhookIsToldApart() throws Exception {
    var result = demo("--context", CONTEXT, "--webhook-host", "warder.invalid");

    assertThat(result.exitCode()).isEqualTo(1);
    var refused = new JsonMapper().readTree(result.stdout()).path("steps").path(1);
    assertThat(refused.path("outcome").textValue()).isEqualTo("failed");
    assertThat(refused.path("got").textValue())
        .startsWith("the API server cannot reach https://warder.invalid:")
        .contains("--webhook-host");
    assertNothingIsLeft();
  }

  @Test
  @Order(3)
  void aClusterWithAnInstallationIsLeftAlone() throws Exception {
    cluster.createNamespace("warder-system");

    var result = demo("--context", CONTEXT);

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.stderr()).contains("has a namespace/warder-system already");
    assertThat(cluster.asAdmin().run("get", "namespace", "warder-system").isSuccess()).isTrue();
  }

  @Test
  @Order(4)
  void anUnknownContextIsNamed() throws Exception {
    var result = demo("--context", "absent");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.stderr()).contains("Error: no context absent");
  }

  private Program.Result demo(String... options) throws Exception {
    var arguments = new String[options.length + 3];
    arguments[0] = "demo";
    arguments[1] = "--output";
    arguments[2] = "json";
    System.arraycopy(options, 0, arguments, 3, options.length);
    var environment = Map.of("KUBECONFIG", cluster.kubeconfig().toString());
    return new Program(Program.warder().script(), Program.checkout(), environment)
        .run(LIMIT, arguments);
  }

  private void assertNothingIsLeft() {
    for (var kind :
        new String[] {
          "crd",
          "validatingwebhookconfigurations",
          "mutatingwebhookconfigurations",
          "clusterroles/warder",
          "role/warder-events",
          "namespace/warder-system",
          "namespace/warder-demo",
          "namespace/warder-demo-defaults"
        }) {
      var left = cluster.asAdmin().run("get", kind, "--ignore-not-found", "-o", "name");
      assertThat(left.stdout()).as(kind + " " + left.stderr()).isEmpty();
    }
  }
}

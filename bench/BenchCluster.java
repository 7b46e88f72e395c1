import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.warder.controlplane.ControlPlane;
import dev.warder.crd.ClusterAdmissionPolicy;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The API server, with policies made from the Go sample that asks for labels. */
final class BenchCluster implements AutoCloseable {
  private static final String SAMPLE = "required-labels";

  private final JsonMapper json = new JsonMapper();
  private final ControlPlane controlPlane;
  private final KubernetesClient client;
  private final Path home;
  private final Path folder;

  BenchCluster(ControlPlane controlPlane, Path home, Path folder) {
    this.controlPlane = controlPlane;
    this.home = home;
    this.folder = folder;
    this.client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(controlPlane.kubeconfig().toFile()))
            .build();
  }

  void install() {
    kubectl(
        "apply",
        "--server-side",
        "-f",
        home.resolve("config/crd").toString()
            + "/"
            + "clusteradmissionpolicies.policies.kubewarden.io.yaml");
    kubectl("apply", "--server-side", "-k", home.resolve("config/rbac").toString());
    kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
  }

  Path serviceAccount() {
    return controlPlane.kubeconfigFor(controlPlane.tokenFor("warder-system", "warder"), "warder");
  }

  /** Seconds until a policy with a module of its own is Ready. */
  double applyAndAwait(int number) throws IOException {
    return applyAndAwait("bench-" + number, module(number));
  }

  /** The same with a module that another policy has already. */
  double applyAndAwaitKnownModule() throws IOException {
    return applyAndAwait("bench-known", module(1));
  }

  private double applyAndAwait(String name, Path module) throws IOException {
    var manifest =
        new YAMLMapper().readTree(home.resolve("samples/" + SAMPLE + "/policy.yaml").toFile());
    ((ObjectNode) manifest.path("metadata")).put("name", name);
    var spec = (ObjectNode) manifest.path("spec");
    spec.put("module", "file://" + module);
    var policy = json.treeToValue(manifest, ClusterAdmissionPolicy.class);
    var begin = System.nanoTime();
    client.resource(policy).create();
    client
        .resources(ClusterAdmissionPolicy.class)
        .withName(name)
        .waitUntilCondition(BenchCluster::isReady, 5, TimeUnit.MINUTES);
    return (System.nanoTime() - begin) / 1e9;
  }

  private static boolean isReady(ClusterAdmissionPolicy policy) {
    return policy != null
        && policy.getStatus() != null
        && policy.getStatus().conditions() != null
        && policy.getStatus().conditions().stream()
            .anyMatch(c -> c.type().equals("Ready") && c.status().equals("True"));
  }

  /** Seconds until the webhook answers by the new settings: every other edit refuses the review. */
  double editAndAwaitServed(Load.Webhook webhook, int number) throws Exception {
    var refuses = number % 2 == 0;
    var pattern = refuses ? "^nobody$" : "^team-[a-z]+$";
    var patch = "{\"spec\":{\"settings\":{\"labels\":{\"owner\":\"" + pattern + "\"}}}}";
    try (var http = webhook.client()) {
      webhook.ask(http);
      var begin = System.nanoTime();
      client
          .resources(ClusterAdmissionPolicy.class)
          .withName("bench-1")
          .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
      while (webhook.ask(http).contains("\"allowed\":true") == refuses) {
        Thread.onSpinWait();
      }
      return (System.nanoTime() - begin) / 1e9;
    }
  }

  /** The webhook of the first policy, with the sample's good request. */
  Load.Webhook webhook(int port) throws Exception {
    var review = JsonNodeFactory.instance.objectNode();
    review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
    JsonNode request =
        json.readTree(home.resolve("samples/" + SAMPLE + "/requests/accept.json").toFile());
    review.set("request", request);
    var uri = URI.create("https://127.0.0.1:" + port + "/validate/kw.cap.bench-1");
    return new Load.Webhook(uri, trust(), json.writeValueAsBytes(review));
  }

  private SSLContext trust() throws Exception {
    Secret secret = client.secrets().inNamespace("warder-system").withName("warder-tls").get();
    var pem = Base64.getDecoder().decode(secret.getData().get("ca.crt"));
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry(
        "warder",
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem)));
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  /** The sample's module under a digest of its own: a custom section more changes nothing else. */
  private Path module(int number) throws IOException {
    var copy = new ByteArrayOutputStream();
    copy.write(Files.readAllBytes(home.resolve("samples/" + SAMPLE + "/policy.wasm")));
    var content = ("\u0005bench" + number).getBytes(StandardCharsets.US_ASCII);
    copy.write(0);
    copy.write(content.length);
    copy.write(content);
    return Files.write(folder.resolve("module-" + number + ".wasm"), copy.toByteArray());
  }

  private void kubectl(String... arguments) {
    var result = controlPlane.asAdmin().run(arguments);
    if (!result.isSuccess()) {
      throw new IllegalStateException(String.join(" ", arguments) + ": " + result.stderr());
    }
  }

  @Override
  public void close() {
    client.close();
  }
}

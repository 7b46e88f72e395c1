package dev.warder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.warder.controlplane.GoTool;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.testing.DistributionRegistry;
import dev.warder.policy.testing.TestTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a built module to one that is published, signed, verified, packed and unpacked. */
final class SupplyChainE2E {
  private static final Path SAMPLE = Program.checkout().resolve("samples/no-latest-tag");

  private @TempDir Path folder;

  @Test
  void aModuleIsPublishedSignedVerifiedAndMoved() throws Exception {
    var tls = TestTls.create(folder, "ip:127.0.0.1");
    var data = Files.createDirectories(folder.resolve("registry"));
    try (var registry = DistributionRegistry.withPassword(data, tls)) {
      var name = registry.host() + "/policies/tags";
      var sources = sources(registry.host(), tls);

      var pushed = warder("push", SAMPLE + "/policy.wasm", "registry://" + name + ":v1", sources);
      assertThat(pushed.exitCode()).as(pushed.stderr()).isZero();
      var immutable = pushed.stdout().strip();
      assertThat(immutable).matches("registry://" + name + "@sha256:[0-9a-f]{64}");
      assertThat(warder("digest", name + ":v1", sources).stdout().strip())
          .isEqualTo(immutable.replace("@", ":v1@"));

      var resolved =
          new JsonMapper()
              .readTree(warder("digest", name + ":v1", sources, "--output=json").stdout());
      assertThat(resolved.path("module").textValue()).isEqualTo(immutable.replace("@", ":v1@"));
      assertThat(resolved.path("digest").textValue())
          .isEqualTo(Digest.of(Files.readAllBytes(SAMPLE.resolve("policy.wasm"))).toString());

      var config = "--verification-config-path=" + signer("ours");
      var unsigned = warder("verify", name + ":v1", sources, config);
      assertThat(unsigned.exitCode()).isOne();
      assertThat(unsigned.stderr()).startsWith("Error: SignatureMissing: ");
      assertThat(warder("pull", name + ":v1", sources, config).exitCode()).isOne();

      sign(immutable.substring("registry://".length()), "ours");
      var verified = warder("verify", name + ":v1", sources, config, "--output=json");
      var json = new JsonMapper().readTree(verified.stdout());
      assertThat(json.path("verified").booleanValue()).as(verified.stderr()).isTrue();
      assertThat(json.at("/signers/0/owner").textValue()).isEqualTo("security team");
      var stranger = "--verification-config-path=" + signer("theirs");
      var refused = warder("verify", name + ":v1", sources, stranger, "--output=json");
      assertThat(refused.exitCode()).isOne();
      assertThat(new JsonMapper().readTree(refused.stdout()).path("reason").textValue())
          .isEqualTo("SignatureRejected");

      var archive = folder.resolve("tags.tar").toString();
      assertThat(warder("save", name + ":v1", "-o", archive, sources).exitCode()).isZero();
      var other = registry.host() + "/inside/tags";
      var yaml = warder("verify", name + ":v1", sources, stranger, "--output=yaml");
      assertThat(yaml.exitCode()).isOne();
      assertThat(new YAMLMapper().readTree(yaml.stdout()))
          .isEqualTo(new JsonMapper().readTree(refused.stdout()));
      assertThat(warder("load", archive, "registry://" + other + ":v2", sources).stdout())
          .isEqualTo(immutable.replace(name, other) + "\n");
      var out = folder.resolve("out.wasm");
      var pulled = warder("pull", other + ":v2", sources, config, "-o", out.toString());
      assertThat(pulled.exitCode()).as(pulled.stderr()).isZero();
      assertThat(out).hasSameBinaryContentAs(SAMPLE.resolve("policy.wasm"));
    }
  }

  private Program.Result warder(String... arguments) throws Exception {
    var line = new ArrayList<>(List.of(arguments));
    if (!List.of("push", "load").contains(arguments[0])) {
      line.add("--store=" + folder.resolve("store"));
    }
    line.add("--docker-config-json-path=" + folder);
    return new Program(Program.checkout().resolve("warder"), folder, Map.of())
        .run(line.toArray(String[]::new));
  }

  /** The option that names the registry's authority; its credentials lie in the folder. */
  private String sources(String host, TestTls tls) throws IOException {
    Files.writeString(folder.resolve("ca.pem"), tls.certificatePem());
    Files.writeString(
        folder.resolve("config.json"),
        "{\"auths\": {\"%s\": {\"username\": \"bob\", \"password\": \"s3cr3t\"}}}".formatted(host));
    return "--sources-path="
        + Files.writeString(
            folder.resolve("sources.yml"),
            "source_authorities: {'%s': [{type: Path, path: ca.pem}]}".formatted(host));
  }

  /** Makes a key pair; gives a verification config that asks for its signature. */
  private Path signer(String name) throws Exception {
    cosign("generate-key-pair", "--output-key-prefix", folder.resolve(name).toString());
    var key = Files.readString(folder.resolve(name + ".pub")).strip().replace("\n", "\n    ");
    return Files.writeString(
        folder.resolve(name + ".yml"),
        "apiVersion: v1\nallOf:\n- kind: pubKey\n  owner: security team\n  key: |\n    " + key);
  }

  private void sign(String name, String key) throws Exception {
    cosign(
        "sign",
        "--yes",
        "--key",
        folder.resolve(key + ".key").toString(),
        "--use-signing-config=false",
        "--tlog-upload=false",
        name);
  }

  private void cosign(String... arguments) throws Exception {
    var line = new ArrayList<>(List.of(GoTool.COSIGN.locate(System.out::println).toString()));
    line.addAll(List.of(arguments));
    var log = folder.resolve("cosign.log");
    var builder = new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "DOCKER_CONFIG", folder.toString(),
                "SSL_CERT_FILE", folder.resolve("ca.pem").toString(),
                "COSIGN_PASSWORD", ""));
    assertThat(builder.start().waitFor()).as(Files.readString(log)).isZero();
  }
}

package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.testing.Outcomes;
import dev.warder.policy.testing.TestTls;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SourcesFileTest {
  private static final URI ANYWHERE = URI.create("https://ghcr.io/");
  private static TestTls tls;
  @TempDir private static Path folder;

  @BeforeAll
  static void makeCertificate() throws Exception {
    tls = TestTls.create(folder, "ip:127.0.0.1");
    Files.writeString(folder.resolve("ca.pem"), tls.certificatePem());
    Files.write(folder.resolve("ca.der"), tls.certificate().getEncoded());
    Files.writeString(folder.resolve("key.pem"), tls.keyPem());
  }

  @Test
  void namesItsFilesWhetherTheyExistOrNot() {
    var content =
        """
        source_authorities: {a.test: [{type: Path, path: ca.pem}, {type: Data, data: x}]}
        client_certificates:
          a.test: {certificate: {type: Path, path: /absent}, key: {type: Path, path: sub/key.pem}}
        """;
    assertThat(SourcesFile.files(content.getBytes(StandardCharsets.UTF_8), folder))
        .containsExactlyInAnyOrder(
            folder.resolve("ca.pem"), Path.of("/absent"), folder.resolve("sub/key.pem"));
    assertThat(SourcesFile.files("a: [".getBytes(StandardCharsets.UTF_8), folder)).isEmpty();
  }

  @Test
  void readsEverything() throws IOException {
    var sources =
        Outcomes.value(
            parse(
                """
                insecure_sources:
                  - localhost:5000
                source_authorities:
                  registry.example:
                    - type: Path
                      path: ca.pem
                    - type: Path
                      path: ca.der
                  other.example:5000:
                    - type: Data
                      data: |
                %s
                client_certificates:
                  registry.example:
                    certificate: {type: Path, path: ca.pem}
                    key: {type: Path, path: key.pem}
                proxies:
                  http_proxy: http://one:1
                  https_proxy: http://two:2
                  no_proxy: localhost,.svc
                mirrors:
                  - prefix: ghcr.io/kubewarden
                    locations: [mirror.example:5000/kw, other.example/x]
                    only: true
                  - prefix: ghcr.io
                    locations: [mirror.example]
                """
                    .formatted(indented(Files.readString(folder.resolve("ca.pem"))))));
    assertThat(sources.insecureHosts()).containsExactly("localhost:5000");
    assertThat(sources.authorities())
        .isEqualTo(
            Map.of(
                "registry.example", List.of(tls.certificate(), tls.certificate()),
                "other.example:5000", List.of(tls.certificate())));
    assertThat(sources.clientCertificates()).containsOnlyKeys("registry.example");
    assertThat(sources.proxies().on(ANYWHERE).orElseThrow().host()).isEqualTo("two");
    assertThat(sources.mirrors())
        .isEqualTo(
            new Mirrors(
                List.of(
                    new Mirrors.Rule(
                        "ghcr.io/kubewarden",
                        List.of("mirror.example:5000/kw", "other.example/x"),
                        true),
                    new Mirrors.Rule("ghcr.io", List.of("mirror.example"), false))));
  }

  @Test
  void readsJson() {
    assertThat(Outcomes.value(parse("{\"insecure_sources\": [\"a.b\"]}")).insecureHosts())
        .containsExactly("a.b");
  }

  @Test
  void takesTheProxiesOfTheEnvironmentOnlyWithoutItsOwn() {
    assertThat(proxyOf("")).isEqualTo("environment");
    assertThat(proxyOf("insecure_sources: []")).isEqualTo("environment");
    assertThat(proxyOf("proxies: {https_proxy: file}")).isEqualTo("file");
    assertThat(proxyOf("proxies: {}")).isEqualTo("none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|the file is not an object",
        "text|the file is not an object",
        "insecure_source: []|the unknown key \"insecure_source\"",
        "insecure_sources: a.b|insecure_sources is not a list",
        "insecure_sources: [https://a.b]|is not host[:port]",
        "insecure_sources: [a.b/c]|is not host[:port]",
        "insecure_sources: ['']|is not a text",
        "insecure_sources: [1]|is not a text",
        "source_authorities: []|source_authorities is not an object",
        "source_authorities: {a.b: [{type: Data}]}|source_authorities.a.b[0] is neither",
        "source_authorities: {a.b: [{type: Path, data: x}]}|source_authorities.a.b[0] is neither",
        "source_authorities: {a.b: [{type: Data, data: x}]}|is no certificate",
        "source_authorities: {a.b: [{type: Path, path: none}]}|the file none, which cannot be read",
        "source_authorities: {a.b: [{type: Path, path: ca.pem, x: 1}]}|the unknown key \"x\"",
        "source_authorities: {'a b': []}|is not host[:port]",
        "client_certificates: {a.b: {certificate: {type: Path, path: ca.pem}}}|key",
        "proxies: {socks_proxy: x}|the unknown key \"socks_proxy\"",
        "proxies: {http_proxy: 'socks5://s3cr3t@x'}|the proxy for HTTP",
        "proxies: {no_proxy: 1.2.3.4/99}|unusable entry",
        "mirrors: {}|mirrors is not a list",
        "mirrors: [{prefix: a.b}]|mirrors[0] has no locations",
        "mirrors: [{prefix: a.b, locations: []}]|mirrors[0] has no locations",
        "mirrors: [{prefix: 'a.b:tag/c', locations: [c.d]}]|is no host[:port]",
        "mirrors: [{prefix: a.b/c, locations: [c.d]}]|needs a path",
        "mirrors: [{prefix: a.b/c:v1, locations: [c.d/e]}]|is not host[:port][/repository]",
        "mirrors: [{prefix: a.b, locations: [c.d], only: 1}]|neither true nor false",
        "mirrors: [{prefix: a.b, locations: [c.d], insecure: true}]|the unknown key \"insecure\"",
        "mirrors: [{prefix: a.b, locations: [c.d]}, {prefix: a.b, locations: [e.f]}]|another rule",
        "proxies: {http_proxy: a, http_proxy: b}|is no YAML at line 1",
        "proxies: {|is no YAML at line 1",
      })
  void saysWhatIsWrong(String yaml, String message) {
    var failure = Outcomes.failure(parse(yaml));
    assertThat(failure.reason()).isEqualTo(Reason.SourcesInvalid);
    assertThat(failure.message()).contains(message).doesNotContain("s3cr3t");
  }

  @Property
  void neverThrows(@ForAll String text) {
    assertThat(SourcesFile.parse(bytes("mirrors: " + text), Path.of("/none"), Proxies.none()))
        .isNotNull();
  }

  private static String proxyOf(String yaml) {
    var environment = Outcomes.value(Proxies.of(Map.of("HTTPS_PROXY", "environment")));
    return Outcomes.value(SourcesFile.parse(bytes(yaml), folder, environment))
        .proxies()
        .on(ANYWHERE)
        .map(ProxyServer::host)
        .orElse("none");
  }

  private static Outcome<Sources> parse(String yaml) {
    return SourcesFile.parse(bytes(yaml), folder, Proxies.none());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String indented(String text) {
    return text.indent(8);
  }
}

package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReference;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.testing.Answer;
import dev.warder.policy.testing.FaultyRegistry;
import dev.warder.policy.testing.Outcomes;
import dev.warder.policy.testing.Request;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Other places for what a registry holds. */
final class MirrorsIT {
  private static final String REPOSITORY = "policies/labels";
  private static final String MIRRORED = "copies/labels";
  private static final byte[] MODULE = "\0asm".getBytes(StandardCharsets.UTF_8);

  @TempDir Path directory;
  private FaultyRegistry origin;
  private FaultyRegistry mirror;
  private ModuleFetcher fetcher;
  private Digest image;

  @BeforeEach
  void start() {
    origin = FaultyRegistry.start();
    mirror = FaultyRegistry.start();
    image = origin.push(REPOSITORY, "v1", MODULE);
    mirror.push(MIRRORED, "v1", MODULE);
    fetcher = new ModuleFetcher(new ModuleStore(directory), FetchLimits.defaults(), sources(false));
  }

  @AfterEach
  void stop() {
    fetcher.close();
    mirror.close();
    origin.close();
  }

  @Test
  void asksTheMirrorFirst() {
    var module = Outcomes.value(fetch());
    assertThat(module.digest()).isEqualTo(Digest.of(MODULE));
    assertThat(module.manifest()).contains(image);
    assertThat(module.immutableReference())
        .isEqualTo(origin.reference(REPOSITORY, "v1") + "@" + image);
    assertThat(askedFor(origin)).isEmpty();
  }

  @Test
  void asksTheRegistryForWhatTheMirrorLacks() {
    mirror.guard(request -> Optional.of(Answer.status(404)));
    assertThat(Outcomes.value(fetch()).digest()).isEqualTo(Digest.of(MODULE));
  }

  @Test
  void asksTheRegistryWhenTheMirrorIsDown() {
    mirror.close();
    assertThat(Outcomes.value(fetch()).digest()).isEqualTo(Digest.of(MODULE));
  }

  @Test
  void neverAsksTheRegistryWhenOnlyMirrorsAreWanted() {
    fetcher.use(sources(true));
    mirror.guard(request -> Optional.of(Answer.status(404)));
    assertThat(Outcomes.failure(fetch()).reason()).isEqualTo(Reason.ModuleNotFound);
    assertThat(askedFor(origin)).isEmpty();
  }

  @Test
  void believesNoMirrorThatHasOtherBytes() {
    mirror.fault(
        FaultyRegistry.blob(MIRRORED, Digest.of(MODULE)),
        Answer.ok("x/y", "asm\0".getBytes(StandardCharsets.UTF_8)));
    assertThat(Outcomes.failure(fetch()).reason()).isEqualTo(Reason.ModuleDigestMismatch);
  }

  @Test
  void takesAPinnedManifestFromWhoeverHasIt() {
    var other = "\0asm other".getBytes(StandardCharsets.UTF_8);
    mirror.push(MIRRORED, "v2", other);
    var pinned = origin.reference(REPOSITORY, "v2") + "@" + image;
    var module = Outcomes.value(ModuleReferences.parse(pinned).then(fetcher::fetch));
    assertThat(module.digest()).isEqualTo(Digest.of(MODULE));
  }

  @Test
  void logsInToTheMirrorAsTheMirror() {
    fetcher.use(
        sources(false)
            .withCredentials(
                (host, repository) ->
                    Optional.of(new Credential.Basic(host + "/" + repository, "s3cr3t"))));
    var pair = mirror.host() + "/" + MIRRORED + ":s3cr3t";
    mirror.demand(
        "Basic realm=\"x\"",
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    Outcomes.value(fetch());
    assertThat(askedFor(origin)).isEmpty();
  }

  @Test
  void readsSignaturesFromWhoeverHasThem() {
    var signature = origin.push(REPOSITORY, "sha256-" + image.hex() + ".sig", new byte[3]);
    var repository = fetcher.repository(reference()).orElseThrow();
    var tag = "sha256-" + image.hex() + ".sig";
    assertThat(Outcomes.value(repository.tagged(tag)).orElseThrow().digest()).isEqualTo(signature);
    assertThat(Outcomes.value(repository.tagged("none"))).isEmpty();
    mirror.guard(request -> Optional.of(Answer.status(500)));
    assertThat(Outcomes.failure(repository.tagged("none")).reason())
        .isEqualTo(Reason.ModuleSourceUnreachable);
  }

  @ParameterizedTest
  @CsvSource({
    "ghcr.io/a/b/c, m.example/one/c",
    "ghcr.io/a/b, m.example/one",
    "ghcr.io/a/bc, m.example/two/bc",
    "ghcr.io/a/c, m.example/two/c",
    "ghcr.io/ab, m.example/ab",
    "ghcr.io:5000/a/b, ''",
    "docker.io/library/nginx, ''",
  })
  void rewritesByTheLongestPrefix(String name, String mirrored) {
    var mirrors =
        new Mirrors(
            List.of(
                new Mirrors.Rule("ghcr.io/a", List.of("m.example/two"), false),
                new Mirrors.Rule("ghcr.io/a/b", List.of("m.example/one"), false),
                new Mirrors.Rule("ghcr.io", List.of("m.example"), false)));
    var reference =
        (ModuleReference.Registry) Outcomes.value(ModuleReferences.parse("registry://" + name));
    var expected = mirrored.isEmpty() ? List.of(name) : List.of(mirrored, name);
    assertThat(mirrors.places(reference)).extracting(Mirrors.Place::toString).isEqualTo(expected);
  }

  private static List<Request> askedFor(FaultyRegistry registry) {
    return registry.requests().stream().filter(request -> !request.path().equals("/v2/")).toList();
  }

  private Outcome<FetchedModule> fetch() {
    return fetcher.fetch(reference());
  }

  private ModuleReference reference() {
    return Outcomes.value(ModuleReferences.parse(origin.reference(REPOSITORY, "v1")));
  }

  private Sources sources(boolean only) {
    var rule =
        new Mirrors.Rule(origin.host() + "/policies", List.of(mirror.host() + "/copies"), only);
    return Sources.none()
        .withInsecureHosts(Set.of(origin.host(), mirror.host()))
        .withMirrors(new Mirrors(List.of(rule)));
  }
}

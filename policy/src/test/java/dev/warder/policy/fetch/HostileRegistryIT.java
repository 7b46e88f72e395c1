package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.testing.Answer;
import dev.warder.policy.testing.FaultyRegistry;
import dev.warder.policy.testing.Outcomes;
import dev.warder.policy.testing.TestTls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Everything that a registry, or somebody in its place, may try; each ends with its reason. */
final class HostileRegistryIT {
  private static final String REPOSITORY = "policies/labels";
  private static final byte[] MODULE = "\0asm".getBytes(StandardCharsets.UTF_8);
  private static final byte[] OTHER = "\0asm other".getBytes(StandardCharsets.UTF_8);
  private static final long GIB = 1024 * 1024 * 1024;
  private static final Duration TOTAL = Duration.ofSeconds(10);
  private static final String TAG = FaultyRegistry.manifest(REPOSITORY, "v1");
  private static final String BLOB = FaultyRegistry.blob(REPOSITORY, Digest.of(MODULE));
  private static TestTls tls;

  @TempDir Path directory;
  private FaultyRegistry registry;
  private FaultyRegistry thief;
  private ModuleFetcher fetcher;

  enum Attack {
    HUGE_MANIFEST(Reason.ModuleTooLarge) {
      @Override
      void mount(FaultyRegistry registry, FaultyRegistry thief) {
        registry.fault(TAG, promising(GIB));
      }
    },
    HUGE_TOKEN(Reason.ModuleTooLarge) {
      @Override
      void mount(FaultyRegistry registry, FaultyRegistry thief) {
        demandToken(registry, registry.url("/token"));
        registry.fault("/token?scope=repository%3Apolicies%2Flabels%3Apull", promising(GIB));
      }
    },
    HUGE_LAYER(Reason.ModuleTooLarge) {
      @Override
      void mount(FaultyRegistry registry, FaultyRegistry thief) {
        registry.pushManifest(
            REPOSITORY, "v1", FaultyRegistry.MANIFEST, imageOf(Digest.of(MODULE), GIB));
      }
    },
    GZIP_BOMB_AS_MANIFEST(Reason.ModuleManifestInvalid) {
      @Override
      void mount(FaultyRegistry registry, FaultyRegistry thief) {
        registry.fault(
            TAG,
            Answer.of(
                200,
                Map.of("content-type", FaultyRegistry.MANIFEST, "content-encoding", "gzip"),
                bomb()));
      }
    },
    GZIP_BOMB_AS_LAYER(Reason.ModuleDigestMismatch) {
      @Override
      void mount(FaultyRegistry registry, FaultyRegistry thief) {
        registry.fault(BLOB, Answer.of(200, Map.of("content-encoding", "gzip"), bomb()));
      }
    },
    SLOW_DRIP(Reason.ModuleFetchTimeout) {
      @Override
      void mount(FaultyRegistry registry, FaultyRegistry thief) {
        registry.fault(TAG, Answer.drip(new byte[1000], Duration.ofMillis(500)));
      }
    },
    INDEX_THAT_POINTS_ELSEWHERE(Reason.ModuleDigestMismatch) {
      @Override
      void mount(FaultyRegistry registry, FaultyRegistry thief) {
        var image = registry.push(REPOSITORY, "image", MODULE);
        registry.pushIndex(REPOSITORY, "v1", image);
        registry.fault(
            FaultyRegistry.manifest(REPOSITORY, image.toString()),
            Answer.ok(
                FaultyRegistry.MANIFEST,
                imageOf(Digest.of(OTHER), OTHER.length).getBytes(StandardCharsets.UTF_8)));
      }
    },
    REPLACED_LAYER(Reason.ModuleDigestMismatch) {
      @Override
      void mount(FaultyRegistry registry, FaultyRegistry thief) {
        registry.fault(BLOB, Answer.ok("x/y", "asm\0".getBytes(StandardCharsets.UTF_8)));
      }
    },
    LONGER_LAYER(Reason.ModuleDigestMismatch) {
      @Override
      void mount(FaultyRegistry registry, FaultyRegistry thief) {
        registry.fault(BLOB, Answer.endless(200));
      }
    },
    LAYER_WITH_A_PATH_FOR_A_DIGEST(Reason.ModuleManifestInvalid) {
      @Override
      void mount(FaultyRegistry registry, FaultyRegistry thief) {
        registry.pushManifest(
            REPOSITORY,
            "v1",
            FaultyRegistry.MANIFEST,
            FaultyRegistry.imageManifest(
                FaultyRegistry.MODULE_LAYER, "sha256:../../../etc/passwd", 1));
      }
    },
    ENDLESS_REDIRECTS(Reason.ModuleSourceUnreachable) {
      @Override
      void mount(FaultyRegistry registry, FaultyRegistry thief) {
        registry.guard(request -> Optional.of(Answer.redirect(request.path() + "x")));
      }
    },
    ENDLESS_TOKEN_REDIRECTS(Reason.ModuleSourceUnreachable) {
      @Override
      void mount(FaultyRegistry registry, FaultyRegistry thief) {
        registry.guard(
            request ->
                Optional.of(
                    request.path().startsWith("/token")
                        ? Answer.redirect(request.path() + "x")
                        : challenge(registry.url("/token"))));
      }
    },
    ENDLESS_CHALLENGES(Reason.ModuleSourceDenied) {
      @Override
      void mount(FaultyRegistry registry, FaultyRegistry thief) {
        registry.guard(
            request ->
                Optional.of(
                    request.path().startsWith("/token")
                        ? Answer.ok(
                            "application/json",
                            "{\"token\": \"x\"}".getBytes(StandardCharsets.UTF_8))
                        : challenge(registry.url("/token"))));
      }
    },
    REDIRECT_TARGET_THAT_ASKS_FOR_A_PASSWORD(Reason.ModuleSourceDenied) {
      @Override
      void mount(FaultyRegistry registry, FaultyRegistry thief) {
        thief.demand("Basic realm=\"x\"", "nothing");
        registry.fault(BLOB, Answer.redirect(thief.url("/blob")));
      }
    },
    REDIRECT_TARGET_THAT_ASKS_FOR_A_TOKEN(Reason.ModuleSourceDenied) {
      @Override
      void mount(FaultyRegistry registry, FaultyRegistry thief) {
        thief.demandToken("Bearer realm=\"" + thief.url("/token") + "\"", "nothing");
        registry.fault(BLOB, Answer.redirect(thief.url("/blob")));
      }
    },
    TOKEN_SERVICE_OVER_PLAIN_HTTP(Reason.ModuleSourceForbidden) {
      @Override
      void mount(FaultyRegistry registry, FaultyRegistry thief) {
        demandToken(registry, "http://localhost:1/token");
      }
    },
    TOKEN_THAT_SMUGGLES_A_HEADER(Reason.ModuleSourceUnreachable) {
      @Override
      void mount(FaultyRegistry registry, FaultyRegistry thief) {
        demandToken(registry, registry.url("/token"));
        registry.fault(
            "/token?scope=repository%3Apolicies%2Flabels%3Apull",
            Answer.ok(
                "application/json",
                "{\"token\": \"x\\r\\nhost: evil\"}".getBytes(StandardCharsets.UTF_8)));
      }
    };

    private final Reason reason;

    Attack(Reason reason) {
      this.reason = reason;
    }

    abstract void mount(FaultyRegistry registry, FaultyRegistry thief);

    private static void demandToken(FaultyRegistry registry, String realm) {
      registry.guard(
          request ->
              request.path().startsWith("/token")
                  ? Optional.empty()
                  : Optional.of(challenge(realm)));
    }

    private static Answer challenge(String realm) {
      return Answer.of(
          401, Map.of("www-authenticate", "Bearer realm=\"" + realm + "\""), new byte[0]);
    }
  }

  @BeforeAll
  static void makeAuthority(@TempDir Path folder) throws Exception {
    tls = TestTls.create(folder, "ip:127.0.0.1");
  }

  @BeforeEach
  void start() {
    registry = FaultyRegistry.start(tls.server());
    thief = FaultyRegistry.start(tls.server());
    registry.push(REPOSITORY, "v1", MODULE);
    registry.push(REPOSITORY, "other", OTHER);
    var trusted = List.of(tls.certificate());
    var sources =
        Sources.none()
            .withAuthorities(Map.of(registry.host(), trusted, thief.host(), trusted))
            .withCredentials(
                (host, repository) ->
                    host.equals(registry.host())
                        ? Optional.of(new Credential.Basic("bob", "s3cr3t"))
                        : Optional.empty());
    var limits =
        new FetchLimits(100_000, 10_000, 5, Duration.ofSeconds(5), Duration.ofSeconds(5), TOTAL);
    fetcher = new ModuleFetcher(new ModuleStore(directory), limits, sources);
  }

  @AfterEach
  void stop() {
    fetcher.close();
    thief.close();
    registry.close();
  }

  @ParameterizedTest
  @EnumSource
  void ends(Attack attack) {
    attack.mount(registry, thief);
    var started = System.nanoTime();
    var failure =
        Outcomes.failure(
            ModuleReferences.parse(registry.reference(REPOSITORY, "v1")).then(fetcher::fetch));
    assertThat(failure.message()).doesNotContain("s3cr3t").doesNotContain("\n");
    assertThat(failure.reason()).isEqualTo(attack.reason);
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(TOTAL.plusSeconds(10));
    assertThat(thief.requests())
        .allSatisfy(request -> assertThat(request.authorization()).isEmpty());
    assertThat(new ModuleStore(directory).find(Digest.of(MODULE))).isEmpty();
    await("no connection stays open").until(() -> registry.openConnections() == 0);
  }

  private static String imageOf(Digest layer, long size) {
    return FaultyRegistry.imageManifest(FaultyRegistry.MODULE_LAYER, layer.toString(), size);
  }

  /** Says how long its body is, and sends zeros. */
  private static Answer promising(long bytes) {
    return connection -> {
      var head = "HTTP/1.1 200 OK\r\ncontent-length: " + bytes + "\r\n\r\n";
      connection.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      var piece = new byte[8192];
      for (long sent = 0; sent < bytes; sent += piece.length) {
        connection.getOutputStream().write(piece);
      }
    };
  }

  /** 10 MB of spaces, in 10 KB. */
  private static byte[] bomb() {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(" ".repeat(10_000_000).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }
}

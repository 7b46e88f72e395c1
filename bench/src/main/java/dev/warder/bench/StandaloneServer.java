package dev.warder.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code warder serve}: no control plane, the policies come from a file. */
final class StandaloneServer implements Server {
  private final Path home;
  private final Path folder;
  private final String jvm;
  private final ServerTls tls;
  private final int port = ServerProcess.freePort();
  private final int readinessPort = ServerProcess.freePort();
  private final List<BenchPolicy> policies = new ArrayList<>();
  private @Nullable ServerProcess running;

  StandaloneServer(Path home, Path folder, String jvm) throws Exception {
    this.home = home;
    this.folder = folder;
    this.jvm = jvm;
    this.tls = ServerTls.create(folder);
  }

  @Override
  public void start(List<BenchPolicy> wanted) throws Exception {
    policies.clear();
    policies.addAll(wanted);
    write();
    running =
        ServerProcess.start(
            home,
            List.of(
                "serve",
                "--policies=" + folder.resolve("policies.yml"),
                "--addr=" + Endpoint.HOST,
                "--port=" + port,
                "--readiness-probe-port=" + readinessPort,
                "--cert-file=" + tls.certificate(),
                "--key-file=" + tls.key(),
                "--policies-download-dir=" + folder.resolve("store")),
            jvm,
            URI.create("http://" + Endpoint.HOST + ":" + readinessPort + "/readiness"),
            folder.resolve("serve.log"));
  }

  @Override
  public void add(BenchPolicy policy) throws IOException {
    policies.add(policy);
    write();
  }

  /** Whole or not at all, as the server reads it again when it changes. */
  private void write() throws IOException {
    var all = JsonNodeFactory.instance.objectNode();
    for (var policy : policies) {
      var entry = all.putObject(policy.name());
      entry.put("module", "file://" + policy.module());
      entry.put("allowedToMutate", false);
      entry.set("settings", policy.settings());
    }
    var part = folder.resolve("policies.yml.part");
    new YAMLMapper().writeValue(part.toFile(), all);
    Files.move(part, folder.resolve("policies.yml"), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public Endpoint endpoint() {
    return new Endpoint(port, tls.trust());
  }

  @Override
  public String path(String policy) {
    return "/validate/" + policy;
  }

  @Override
  public ProcessTree process() {
    return running().tree();
  }

  @Override
  public PeakWatch peak() {
    return running().peak();
  }

  private ServerProcess running() {
    if (running == null) {
      throw new IllegalStateException("the server does not run");
    }
    return running;
  }

  @Override
  public void stop() {
    if (running != null) {
      running.close();
      running = null;
    }
  }

  @Override
  public void close() {
    stop();
  }
}

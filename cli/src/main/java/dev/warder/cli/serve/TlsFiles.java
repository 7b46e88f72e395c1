package dev.warder.cli.serve;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.webhook.http.AdmissionServer;
import dev.warder.webhook.tls.ServingCertificate;
import dev.warder.webhook.tls.TlsMaterial;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where certificate and key are read from.
 *
 * @param certificate the server's first, then the intermediate ones
 * @param clientAuthorities if there are any, clients must show a certificate of one of them
 */
public record TlsFiles(Path certificate, Path key, List<Path> clientAuthorities) {
  private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);

  public TlsFiles {
    clientAuthorities = List.copyOf(clientAuthorities);
  }

  /** What a start found. */
  record Loaded(TlsMaterial material, FileWatch watch) {}

  Outcome<Loaded> load() {
    try {
      var contents = FileWatch.read(files());
      return Outcome.done(new Loaded(material(contents), new FileWatch(files(), contents)));
    } catch (IOException e) {
      return Outcome.failed(
          Reason.ServingCertificateInvalid,
          "The serving certificate, its key or the client authorities cannot be read: " + e);
    }
  }

  /** Gives the server what the files have now, if that has changed; if it is bad, nothing. */
  static void renew(FileWatch watch, AdmissionServer server) {
    watch
        .look()
        .map(TlsFiles::material)
        .map(server::rotate)
        .ifPresent(
            outcome -> {
              if (outcome instanceof Outcome.Failed<ServingCertificate>(var failure)) {
                LOG.error("{} The former one is kept: {}", failure.reason(), failure.message());
              }
            });
  }

  private List<Path> files() {
    var files = new ArrayList<>(List.of(certificate, key));
    files.addAll(clientAuthorities);
    return files;
  }

  private static TlsMaterial material(List<byte[]> contents) {
    var texts = contents.stream().map(bytes -> new String(bytes, StandardCharsets.UTF_8)).toList();
    var authorities = texts.subList(2, texts.size());
    return new TlsMaterial(
        texts.get(0),
        texts.get(1),
        authorities.isEmpty()
            ? Optional.empty()
            : Optional.of(authorities.stream().collect(Collectors.joining("\n"))));
  }
}

package dev.warder.policy.fetch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.warder.policy.Outcome;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads Kubewarden's {@code sources.yml}, which may also be JSON, and the keys {@code
 * client_certificates} and {@code mirrors} besides. A key that is not known is an error: what
 * somebody wrote about trust must not be passed over.
 */
public final class SourcesFile {
  private static final Logger LOG = LoggerFactory.getLogger(SourcesFile.class);
  private static final int MAX_BYTES = 1024 * 1024;
  private static final Set<String> KEYS =
      Set.of("insecure_sources", "source_authorities", "client_certificates", "proxies", "mirrors");
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private SourcesFile() {}

  /**
   * Reads the file. Fails with {@code SourcesInvalid}.
   *
   * @param folder that relative paths in it start from
   * @param environment the proxies if the file has no section for them; one in the file wins
   */
  public static Outcome<Sources> parse(byte[] content, Path folder, Proxies environment) {
    if (content.length > MAX_BYTES) {
      return invalid("it is larger than " + MAX_BYTES + " bytes");
    }
    try {
      var root = new SourcesNode(YAML.readTree(content), "the file", folder);
      if (root.isNothing()) {
        return Outcome.done(Sources.none().withProxies(environment));
      }
      root.allow(KEYS);
      return Outcome.done(
          new Sources(
              SourcesSections.insecureSources(root.at("insecure_sources")),
              SourcesSections.authorities(root.at("source_authorities")),
              SourcesSections.clientCertificates(root.at("client_certificates")),
              Credentials.none(),
              SourcesSections.proxies(root.at("proxies"), environment),
              SourcesSections.mirrors(root.at("mirrors"))));
    } catch (UnusableSourcesException e) {
      return invalid(e.problem());
    } catch (JsonProcessingException e) {
      var place = e.getLocation();
      return invalid("it is no YAML" + (place == null ? "" : " at line " + place.getLineNr()));
    } catch (IOException e) {
      return invalid("it cannot be read: " + e.getClass().getSimpleName());
    }
  }

  /** The files that it names, as far as it can be read; whether they exist nobody asks. */
  public static List<Path> files(byte[] content, Path folder) {
    try {
      return YAML.readTree(content).findValues("path").stream()
          .filter(JsonNode::isTextual)
          .map(path -> folder.resolve(path.textValue()))
          .toList();
    } catch (IOException | InvalidPathException e) {
      // Who reads it for its content is told.
      LOG.debug("the file of sources names no files that can be told", e);
      return List.of();
    }
  }

  private static <T> Outcome<T> invalid(String problem) {
    return Certificates.invalid("the file of sources is not usable: " + problem + "; correct it");
  }
}

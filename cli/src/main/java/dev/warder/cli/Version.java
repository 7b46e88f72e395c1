package dev.warder.cli;

import dev.warder.policy.metadata.PolicyMetadataReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What this program is. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {
      "warder " + number(),
      "compatible with Kubewarden " + PolicyMetadataReader.KUBEWARDEN_COMPATIBILITY,
      "Java " + Runtime.version()
    };
  }

  static String number() {
    var properties = new Properties();
    try (var in = Version.class.getResourceAsStream("/warder.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("the program's own warder.properties cannot be read", e);
    }
    return properties.getProperty("version", "");
  }
}

package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InsecureHostsTest {
  private static final InsecureHosts HOSTS =
      new InsecureHosts(Set.of("dev.example", "Registry.Example:5000"));

  @ParameterizedTest
  @CsvSource({
    "https://any.example/x, true",
    "HTTPS://any.example:8443/x, true",
    "http://dev.example/x, true",
    "http://DEV.example:80/x, true",
    "http://registry.example:5000/x, true",
    "http://dev.example:5000/x, false",
    "http://registry.example/x, false",
    "http://sub.dev.example/x, false",
    "http://dev.example@other.example/x, false",
    "http://other.example/x, false",
    "file:///etc/passwd, false",
    "ftp://dev.example/x, false",
    "//dev.example/x, false",
    "mailto:dev.example, false",
  })
  void allowsPlainHttpOnlyWhereListed(URI uri, boolean allowed) {
    assertThat(HOSTS.allow(uri)).isEqualTo(allowed);
  }
}

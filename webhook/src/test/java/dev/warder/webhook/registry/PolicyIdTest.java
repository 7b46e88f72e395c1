package dev.warder.webhook.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PolicyIdTest {
  @ParameterizedTest
  @ValueSource(strings = {"kw.cap.privileged-pods", "clusterwide-a", "kw.ap.ns.name", "..."})
  void takesTheIdsOfBothSchemes(String id) {
    assertThat(PolicyId.parse(id)).contains(new PolicyId(id));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "a b", "a%2Fb", "a\0b", "ä", "a\n", "a?b", "a#b"})
  void refusesWhatIsNoPathSegment(String id) {
    assertThat(PolicyId.parse(id)).isEmpty();
  }

  @Property
  void anIdIsTheSameInAUrl(@ForAll String text) {
    PolicyId.parse(text)
        .ifPresent(
            id ->
                assertThat(URI.create("https://host/validate/" + id).normalize().getPath())
                    .isEqualTo("/validate/" + text));
  }
}

package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.testing.Outcomes;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NextLinkTest {
  private static final URI BASE = URI.create("https://host.test/v2/a/referrers/d?n=5");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<?n=6>; rel=next",
        "</v2/a/referrers/d?n=6>; rel=\"next\"",
        "  <https://host.test/v2/a/referrers/d?n=6> ;rel = \"prev NEXT\" ; title=\"a, <b>; c\"",
        "<?n=1>; rel=first, <?n=6>; rel=next, <?n=7>; rel=last",
        "<?n=6>; REL=Next,",
      })
  void findsTheNextPage(String header) {
    assertThat(parse(header))
        .isEqualTo(Outcome.done(Optional.of(URI.create("https://host.test/v2/a/referrers/d?n=6"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "<?n=1>; rel=prev", "<?n=6>", "<?n=6>; rel", "<?n=6>; title=next", "<>; a"})
  void findsNone(String header) {
    assertThat(parse(header)).isEqualTo(Outcome.done(Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "<",
        "<?n=6",
        "<?n=6>; rel=next <?n=7>",
        "<?n=6>; rel=\"next",
        "<?n=6>; rel=next, nonsense",
        "<?n=6 7>; rel=next",
        "<http://[>; rel=next",
        "<%zz>; rel=next",
        "<?n=6>; rel=next, <?n=7>; rel=next",
      })
  void refusesWhatItDoesNotUnderstand(String header) {
    assertRefused(parse(header));
  }

  @Test
  void refusesTwoHeadersThatDisagree() {
    assertRefused(NextLink.parse(List.of("<?n=6>; rel=next", "<?n=7>; rel=next"), BASE));
    assertThat(NextLink.parse(List.of("<?n=6>; rel=next", "<?n=6>; rel=next"), BASE))
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void refusesEndlessHeaders() {
    assertRefused(parse("<?n=6>; rel=next" + "; a".repeat(4000)));
    assertThat(parse("<?n=6>; rel=next" + "; a".repeat(2000))).isInstanceOf(Outcome.Done.class);
  }

  private static void assertRefused(Outcome<Optional<URI>> outcome) {
    var failure = Outcomes.failure(outcome);
    assertThat(failure.reason()).isEqualTo(Reason.ModuleSourceUnreachable);
    assertThat(failure.message()).contains("Link header");
  }

  private static Outcome<Optional<URI>> parse(String header) {
    return NextLink.parse(List.of(header), BASE);
  }
}

package dev.warder.policy.evaluation;

import static dev.warder.policy.testing.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warder.policy.json.Json;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two policies of one Go module share its program, and nothing else. */
final class SharedProgramIT {
  private static final String SAMPLE = "required-labels";
  private static final int ROUNDS = 5;

  @TempDir private Path folder;

  @Test
  void nothingOfOnePolicysSettingsOrRequestsReachesTheOther() {
    try (var bench = new Workbench(folder)) {
      var marker = UUID.randomUUID().toString();
      var plain = value(bench.prepare(Workbench.sample(SAMPLE, "good")));
      var marked = value(bench.prepare(markedSettings(marker)));
      assertThat(marked.module()).isSameAs(plain.module());
      var request = Workbench.sampleRequest(plain, SAMPLE, "accept");
      var first = bench.evaluate(plain, request, Workbench.AMPLE).response();

      for (var round = 0; round < ROUNDS; round++) {
        var answer = bench.evaluate(marked, markedRequest(marker), Workbench.AMPLE);
        assertThat(answer.response().allowed()).isFalse();
        assertThat(answer.response().json().toString()).contains(marker);

        var after = bench.evaluate(plain, request, Workbench.AMPLE);
        assertThat(after.response()).isEqualTo(first);
        assertThat(after.response().json().toString() + after.stderr()).doesNotContain(marker);
      }
    }
  }

  /** A label that nobody has, so that the refusal names it. */
  private static PreparationRequest markedSettings(String marker) {
    var settings = (ObjectNode) Workbench.sampleSettings(SAMPLE, "good").deepCopy();
    settings.set("labels", JsonNodeFactory.instance.objectNode().put(marker, ""));
    return Workbench.request(Workbench.sampleModule(SAMPLE), settings, Workbench.AMPLE);
  }

  private static ValidationRequest markedRequest(String marker) {
    var review = AdmissionReviewFixtures.podReviewTree();
    review.withObject("/request/object/metadata/labels").put("marker", marker);
    return ((Decoded.Request) AdmissionReviews.decode(Json.write(review))).request();
  }
}

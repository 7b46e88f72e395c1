package dev.warder.policy.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

final class DistinctSignersTest {
  /** Each number is a rule, each of its bits a signer who meets it. */
  @Property
  void findsAsManyAsThereAre(@ForAll @Size(max = 6) List<@IntRange(max = 31) Integer> rules) {
    var found = DistinctSigners.of(rules.stream().map(DistinctSignersTest::signers).toList());
    assertThat(found).hasSize(most(rules, 0, 0)).doesNotHaveDuplicates();
  }

  /** Tries everything. */
  private static int most(List<Integer> rules, int next, int taken) {
    if (next == rules.size()) {
      return 0;
    }
    var most = most(rules, next + 1, taken);
    for (int signer = 1; signer < 32; signer <<= 1) {
      if ((rules.get(next) & signer & ~taken) != 0) {
        most = Math.max(most, 1 + most(rules, next + 1, taken | signer));
      }
    }
    return most;
  }

  private static List<Signer> signers(int bits) {
    var signers = new ArrayList<Signer>();
    for (int signer = 1; signer < 32; signer <<= 1) {
      if ((bits & signer) != 0) {
        signers.add(
            new Signer(
                "rule",
                "signer " + signer,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "format"));
      }
    }
    return signers;
  }
}

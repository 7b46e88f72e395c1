package dev.warder.policy.verify;

import java.util.ArrayList;
import java.util.List;

/**
 * As many rules as can be met each by another signer: of two rules that one signer meets, only one
 * counts. Each new rule may push another one to a signer that is still free (augmenting paths).
 */
final class DistinctSigners {
  private final List<List<Signer>> byRule;
  private final List<Match> matches = new ArrayList<>();

  private record Match(int rule, Signer signer) {}

  private DistinctSigners(List<List<Signer>> byRule) {
    this.byRule = byRule;
  }

  /**
   * One signer for each rule that counts.
   *
   * @param byRule those who meet each rule
   */
  static List<Signer> of(List<List<Signer>> byRule) {
    var signers = new DistinctSigners(byRule);
    for (int rule = 0; rule < byRule.size(); rule++) {
      signers.match(rule, new ArrayList<>());
    }
    return signers.matches.stream().map(Match::signer).toList();
  }

  private boolean match(int rule, List<Signer> asked) {
    for (var signer : byRule.get(rule)) {
      if (asked.stream().anyMatch(signer::isSame)) {
        continue;
      }
      asked.add(signer);
      var taken = matches.stream().filter(match -> match.signer().isSame(signer)).findFirst();
      if (taken.isEmpty() || match(taken.get().rule(), asked)) {
        taken.ifPresent(matches::remove);
        matches.add(new Match(rule, signer));
        return true;
      }
    }
    return false;
  }
}

package dev.warder.policy.verify;

import java.util.List;
import java.util.stream.Collectors;

/** Proof that a manifest has the signatures that a verification config asks for. */
public record Verification(List<Signer> signers) {
  /** In one line, for the status. */
  public String text() {
    return signers.stream().map(Signer::text).distinct().collect(Collectors.joining("; "));
  }
}

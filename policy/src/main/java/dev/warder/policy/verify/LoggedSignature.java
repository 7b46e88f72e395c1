package dev.warder.policy.verify;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** That a transparency log took a signature in. */
final class LoggedSignature {
  private LoggedSignature() {}

  /**
   * Passes if a log of the trust root has an entry of exactly this signature by this signer. An
   * entry by such a log that is of anything else spoils the signature.
   *
   * @param signer key or certificate in DER
   * @return when logs took it in, as far as they signed that
   */
  static List<Instant> require(ImageSignature signature, Bytes signer, TrustRoot trust)
      throws UnverifiedException {
    var times = new ArrayList<Instant>();
    var known = false;
    for (var entry : signature.entries()) {
      var log = entry.log(trust.signatureLogs());
      if (log.isPresent()) {
        entry.requireLogged(log.get()).ifPresent(times::add);
        EntryBody.parse(entry.body()).requireOf(signature.content(), signature.signature(), signer);
        known = true;
      }
    }
    UnverifiedException.require(
        known,
        signature.entries().isEmpty()
            ? "it has no entry of a transparency log"
            : "its log entry is by a log that the trust root does not know");
    return List.copyOf(times);
  }
}

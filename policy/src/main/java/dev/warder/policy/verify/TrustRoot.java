package dev.warder.policy.verify;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.reference.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** Whom Warder believes of a Sigstore instance: its authorities and logs, and when they counted. */
public final class TrustRoot {
  private static final String PUBLIC_GOOD = "public-good-trusted-root.json";

  private final Digest fingerprint;
  private final List<CertificateChain> certificateAuthorities;
  private final List<TransparencyLog> signatureLogs;
  private final List<TransparencyLog> certificateLogs;
  private final List<TimestampAuthority> timestampAuthorities;

  TrustRoot(
      Digest fingerprint,
      List<CertificateChain> certificateAuthorities,
      List<TransparencyLog> signatureLogs,
      List<TransparencyLog> certificateLogs,
      List<TimestampAuthority> timestampAuthorities) {
    this.fingerprint = fingerprint;
    this.certificateAuthorities = certificateAuthorities;
    this.signatureLogs = signatureLogs;
    this.certificateLogs = certificateLogs;
    this.timestampAuthorities = timestampAuthorities;
  }

  /**
   * Reads a trusted_root.json or a ClientTrustConfig of Sigstore; fails with {@code
   * TrustRootInvalid}. What cannot be used in it is an error, as whoever wrote it relies on it.
   */
  public static Outcome<TrustRoot> parse(byte[] json) {
    try {
      return Outcome.done(TrustRootParser.parse(json));
    } catch (UnverifiedException e) {
      return Outcome.failed(
          Reason.TrustRootInvalid,
          "The trust root cannot be used: "
              + e.why()
              + "; give a trusted_root.json or a ClientTrustConfig of Sigstore");
    }
  }

  /** The root of Sigstore's public instance as it was when this Warder was released. */
  public static TrustRoot publicGood() {
    try (var in =
        Objects.requireNonNull(
            TrustRoot.class.getResourceAsStream(PUBLIC_GOOD), "the release has a trust root")) {
      return TrustRootParser.parse(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (UnverifiedException e) {
      throw new IllegalStateException("the trust root of the release is sound", e);
    }
  }

  /** SHA-256 of what was read. */
  public Digest fingerprint() {
    return fingerprint;
  }

  /** Fulcio's. */
  List<CertificateChain> certificateAuthorities() {
    return certificateAuthorities;
  }

  /** Rekor's. */
  List<TransparencyLog> signatureLogs() {
    return signatureLogs;
  }

  /** Those that promise to log certificates. */
  List<TransparencyLog> certificateLogs() {
    return certificateLogs;
  }

  List<TimestampAuthority> timestampAuthorities() {
    return timestampAuthorities;
  }
}

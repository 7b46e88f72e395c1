package dev.warder.policy.verify;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** A signature that was found, well-formed, with all that came to prove it. */
record ImageSignature(
    SignedContent content,
    Bytes signature,
    Optional<X509Certificate> certificate,
    List<LogEntry> entries,
    List<SignedTimestamp> timestamps) {}

package dev.warder.policy.verify;

/**
 * A log of the trust root.
 *
 * @param id that its promises and entries name
 * @param host of its base URL, or empty
 */
record TransparencyLog(Bytes id, VerifierKey key, Period period, String host) {}

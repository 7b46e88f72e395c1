package dev.warder.policy.host;

/** By what a host call is allowed. */
enum HostRule {
  /** Nothing leaves Warder by it. */
  ALWAYS,
  /** The policy's list of capabilities names it. */
  CAPABILITY,
  /** The same, and the policy may read the kind that it asks for. */
  CAPABILITY_AND_KIND
}

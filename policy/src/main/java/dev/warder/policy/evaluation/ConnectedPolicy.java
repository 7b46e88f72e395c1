package dev.warder.policy.evaluation;

import dev.warder.policy.host.HostAccess;

/** A policy that can ask the host for what it was granted. */
record ConnectedPolicy(CompiledPolicy compiled, HostAccess access) {
  ConnectedPolicy with(CompiledPolicy other) {
    return new ConnectedPolicy(other, access);
  }
}

package dev.warder.policy.host;

import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.host.kubernetes.ClusterContext;
import dev.warder.policy.host.kubernetes.ContextLease;
import dev.warder.policy.wasi.HostCallGate;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What one policy may ask the host for, as {@link HostServices#open} found it possible. Its lists
 * are kept until it is closed.
 */
public final class HostAccess implements AutoCloseable {
  private static final Duration LISTING = Duration.ofMinutes(1);
  private static final String LISTS = "kubernetes/list_resources";

  private final String policy;
  private final Grants grants;
  private final HostBackend backend;
  private final CallCounts counts;
  private final Optional<Held> held;

  record Held(ClusterContext context, ContextLease lease) {}

  HostAccess(
      String policy, Grants grants, HostBackend backend, CallCounts counts, Optional<Held> held) {
    this.counts = counts;
    this.policy = policy;
    this.grants = grants;
    this.backend = backend;
    this.held = held;
  }

  /** No call but logging, which goes nowhere. */
  public static HostAccess none() {
    return new HostAccess("", Grants.NONE, new NoBackend(), new CallCounts(), Optional.empty());
  }

  /** The gate for judging one request. */
  public HostCallGate gate(String uid) {
    return new HostGate(backend, grants, counts, policy, uid);
  }

  /**
   * Waits for the lists that the policy has asked for so far.
   *
   * @return whether the policy has been answered without them
   */
  public Outcome<Boolean> awaitLists() {
    return held.map(one -> one.context().await(one.lease(), LISTING))
        .orElseGet(() -> Outcome.done(false));
  }

  /**
   * Begins what the policy may yet ask for, all objects of each kind that it has not listed so far,
   * and waits for it.
   *
   * @param declared the capabilities that the module says it uses; empty if it does not say
   */
  public Outcome<Boolean> settle(Set<String> declared) {
    if (held.isEmpty()) {
      return Outcome.done(false);
    }
    if (lists(declared)) {
      var context = held.get().context();
      var lease = held.get().lease();
      grants.resources().stream()
          .filter(resource -> !context.isListed(resource, lease))
          .forEach(resource -> context.expect(resource, lease));
    }
    return awaitLists();
  }

  private boolean lists(Set<String> declared) {
    var granted =
        grants.capabilities().allows(HostOperation.LIST_ALL)
            || grants.capabilities().allows(HostOperation.LIST_BY_NAMESPACE);
    return granted
        && (declared.isEmpty()
            || declared.stream()
                .anyMatch(
                    one -> one.startsWith(LISTS) || one.equals("kubernetes/*") || one.equals("*")));
  }

  /** Why the policy does not see what it should, if it does not. */
  public Optional<Failure> problem() {
    return held.flatMap(one -> one.context().problem(one.lease()));
  }

  /** Lets go of the lists; calls still work. */
  @Override
  public void close() {
    held.ifPresent(one -> one.context().release(one.lease()));
  }
}

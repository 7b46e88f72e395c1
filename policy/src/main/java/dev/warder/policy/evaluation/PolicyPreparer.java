package dev.warder.policy.evaluation;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.evaluation.PreparationRequest.Pinned;
import dev.warder.policy.fetch.FetchedModule;
import dev.warder.policy.fetch.ModuleFetcher;
import dev.warder.policy.host.HostAccess;
import dev.warder.policy.host.HostServices;
import dev.warder.policy.metadata.DescribedModule;
import dev.warder.policy.metadata.PolicyMetadataReader;
import dev.warder.policy.reference.ModuleReference;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.verify.ModuleVerifier;
import dev.warder.policy.verify.Requirement;
import dev.warder.policy.verify.SignatureStore;
import dev.warder.policy.verify.VerifiedModule;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.policy.wasi.WasiEngine;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journey from spec.module to a policy that may be served. Each step takes what only the step
 * before it can give. Safe for concurrent use: preparations wait for each other only to compile.
 */
public final class PolicyPreparer {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyPreparer.class);

  private final ModuleFetcher fetcher;
  private final ModuleVerifier verifier;
  private final WasiEngine engine;
  private final Optional<HostServices> host;
  private final Programs programs = new Programs();
  private final Proving proving = new Proving();

  /** Prepares policies that get nothing of the host; closes none of them. */
  public PolicyPreparer(ModuleFetcher fetcher, WasiEngine engine, SignatureStore signatures) {
    this(fetcher, engine, signatures, Optional.empty());
  }

  /** Prepares policies that may be granted host calls; closes none of them. */
  public PolicyPreparer(
      ModuleFetcher fetcher, WasiEngine engine, SignatureStore signatures, HostServices host) {
    this(fetcher, engine, signatures, Optional.of(host));
  }

  private PolicyPreparer(
      ModuleFetcher fetcher,
      WasiEngine engine,
      SignatureStore signatures,
      Optional<HostServices> host) {
    this.host = host;
    this.fetcher = fetcher;
    this.engine = engine;
    this.verifier = new ModuleVerifier(fetcher::repository, signatures);
  }

  /**
   * Takes all steps, and blocks for as long as they take; any thread may call. Does not throw: what
   * nobody foresaw fails with {@code InternalError}, and the log says more.
   */
  public Outcome<PreparedPolicy> prepare(PreparationRequest request, StepListener listener) {
    try {
      return PolicySettings.of(request.settings())
          .then(settings -> prepare(request, settings, listener));
    } catch (RuntimeException e) {
      LOG.error("the preparation of {} failed unexpectedly", request.module(), e);
      return Outcome.failed(
          Reason.InternalError,
          "The preparation of " + request.module() + " failed unexpectedly: look at Warder's log");
    }
  }

  private Outcome<PreparedPolicy> prepare(
      PreparationRequest request, PolicySettings settings, StepListener listener) {
    return ModuleReferences.parse(request.module())
        .then(reference -> fetch(reference, request.pinned(), listener))
        .then(fetched -> verify(fetched, request.requirement(), listener))
        .then(verified -> describe(verified, listener))
        .then(described -> compile(described, listener))
        .then(compiled -> connect(compiled, request, listener))
        .then(connected -> prove(connected, settings, request, listener));
  }

  /** What a policy that fails has begun to read is let go of. */
  private Outcome<PreparedPolicy> prove(
      ConnectedPolicy connected,
      PolicySettings settings,
      PreparationRequest request,
      StepListener listener) {
    var proven =
        configure(connected, settings, request.budget(), listener)
            .then(configured -> rehearse(configured, request, listener));
    if (proven instanceof Outcome.Failed) {
      connected.access().close();
    }
    return proven;
  }

  private Outcome<FetchedModule> fetch(
      ModuleReference reference, Optional<Pinned> pinned, StepListener listener) {
    listener.step("fetching " + reference.text());
    return pinned
        .map(pin -> fetcher.fetchPinned(reference, pin.immutableReference(), pin.moduleDigest()))
        .orElseGet(() -> fetcher.fetch(reference));
  }

  private Outcome<VerifiedModule> verify(
      FetchedModule fetched, Requirement requirement, StepListener listener) {
    listener.step("verifying " + fetched.digest());
    return verifier.verify(fetched, requirement);
  }

  /**
   * Verifies a prepared policy's module by other requirements; nothing else is done again. Blocks
   * and throws as little as {@link #prepare}.
   */
  public Outcome<PreparedPolicy> verifyAgain(PreparedPolicy policy, Requirement requirement) {
    return verifier.signers(policy.fetched(), requirement).map(policy::with);
  }

  private static Outcome<DescribedModule> describe(VerifiedModule verified, StepListener listener) {
    listener.step("reading the module's metadata");
    return PolicyMetadataReader.describe(verified);
  }

  private Outcome<CompiledPolicy> compile(DescribedModule described, StepListener listener) {
    listener.step("compiling the module");
    return programs
        .get(described.module().fetched().digest(), () -> engine.compile(described))
        .map(program -> CompiledPolicy.of(described, program));
  }

  private Outcome<ConnectedPolicy> connect(
      CompiledPolicy policy, PreparationRequest request, StepListener listener) {
    if (host.isEmpty()) {
      return Outcome.done(new ConnectedPolicy(policy, HostAccess.none()));
    }
    if (isServedAgain(request)) {
      var access = host.get().openAgain(request.policy(), request.grants());
      return Outcome.done(new ConnectedPolicy(policy, access));
    }
    if (!request.grants().resources().isEmpty()) {
      listener.step("asking the API server whether the policy can read what it is granted");
    }
    return host.get()
        .open(request.policy(), request.grants())
        .map(access -> new ConnectedPolicy(policy, access));
  }

  /** What was served before a restart is, whatever the cluster says today. */
  private static boolean isServedAgain(PreparationRequest request) {
    return request.pinned().isPresent();
  }

  private Outcome<ConfiguredPolicy> configure(
      ConnectedPolicy policy,
      PolicySettings settings,
      EvaluationBudget budget,
      StepListener listener) {
    listener.step("letting the policy check its settings");
    return proving.configure(policy, settings, budget);
  }

  private Outcome<PreparedPolicy> rehearse(
      ConfiguredPolicy configured, PreparationRequest request, StepListener listener) {
    listener.step("rehearsing a request");
    var access = configured.policy().access();
    var first = proving.rehearse(configured, request.budget());
    var lists = access.awaitLists();
    var rehearsed =
        lists instanceof Outcome.Done<Boolean>(var waited) && waited
            ? proving.rehearse(configured, request.budget())
            : first;
    var settled =
        lists.then(
            _ -> access.settle(configured.policy().compiled().metadata().hostCapabilities()));
    return isServedAgain(request) ? rehearsed : settled.then(_ -> rehearsed);
  }
}

package dev.warder.policy;

/**
 * Every reason that a condition, an Event or a log line of Warder can carry. The names are part of
 * the API; docs/operate.md lists them from here.
 */
public enum Reason {
  // Progress
  PolicyPreparing(Kind.PROGRESS, "The module is being fetched, compiled and tried.", "Wait."),
  PolicyEnforced(
      Kind.SUCCESS, "The API server sends matching requests to this generation.", "Nothing."),
  PolicyMonitored(
      Kind.SUCCESS,
      "This generation judges requests but never refuses one (mode monitor).",
      "Set spec.mode to protect to enforce it."),
  PolicyNotServed(
      Kind.PROGRESS,
      "No generation of this policy is served, so nothing is enforced.",
      "Look at the Ready condition."),
  PolicyServingPreviousGeneration(
      Kind.SUCCESS,
      "The last good generation is served while a newer one is being prepared or was refused.",
      "Look at the Ready condition of the newer generation."),
  PolicyRemoved(Kind.SUCCESS, "The policy was deleted and is no longer enforced.", "Nothing."),

  // The PolicyServer
  PolicyServerInUse(
      Kind.SUCCESS, "The settings of the PolicyServer are those of the instance.", "Nothing."),
  PolicyServerInvalid(
      Kind.TERMINAL,
      "A setting of the PolicyServer, or an object that it names, cannot be used, so no module is"
          + " accepted; what is served goes on.",
      "Correct what the message names: the PolicyServer, its Secret or its ConfigMap."),

  // The file of warder serve
  PoliciesFileInvalid(
      Kind.TERMINAL,
      "The file with the policies cannot be read as a whole.",
      "Correct the line that the message names; what was served before goes on."),
  PolicyEntryInvalid(
      Kind.TERMINAL,
      "One policy in the file with the policies is not written as it should be.",
      "Correct the line that the message names; the other policies go on."),
  PolicyGroupUnsupported(
      Kind.TERMINAL,
      "The file with the policies has a policy group, and Warder evaluates none yet.",
      "Leave groups to Kubewarden's policy-server, or serve the members one by one."),

  // Sources, reference and fetch
  SourcesInvalid(
      Kind.TERMINAL,
      "The settings of where modules come from (hosts, authorities, proxies, mirrors) cannot be"
          + " read.",
      "Correct what the message names; until then nothing is fetched by them."),
  CredentialsInvalid(
      Kind.RETRY,
      "The docker config.json with the registry credentials cannot be read.",
      "Write it anew with docker login, or kubectl create secret docker-registry; Warder keeps"
          + " trying."),
  ModuleReferenceInvalid(
      Kind.TERMINAL,
      "spec.module is not a reference that Warder understands.",
      "Use registry://host/repository:tag, https://, http://, file:///absolute/path or"
          + " oci-layout:/absolute/folder:tag."),
  ModuleSourceForbidden(
      Kind.TERMINAL,
      "The source answered with something that policy modules must not come from, or that"
          + " credentials must not go to: a redirect to another scheme, plain HTTP from a host that"
          + " is not listed as insecure, or a foreign token service named by one that is.",
      "Serve the module over TLS, or list the host with --insecure-source."),
  ModuleNotFound(
      Kind.RETRY,
      "The source answered that there is no such module.",
      "Check the reference; Warder keeps trying, as the module may be pushed later."),
  ModuleSourceUnreachable(
      Kind.RETRY,
      "The source did not answer, broke off, answered with a server error, or its certificate is"
          + " not trusted.",
      "Check the host, the network and the certificate; Warder keeps trying."),
  ModuleSourceDenied(
      Kind.RETRY,
      "The source wants credentials, and there are none for it or it refused them (HTTP 401 or"
          + " 403).",
      "Give credentials that may read the repository, or make it readable without; Warder keeps"
          + " trying."),
  ModuleFetchTimeout(
      Kind.RETRY,
      "The module did not arrive within the time limit.",
      "Check the source's speed or raise --fetch-timeout; Warder keeps trying."),
  ModuleTooLarge(
      Kind.TERMINAL,
      "The module, or a document on the way to it, is larger than the limit.",
      "Shrink the module or raise --max-module-size."),
  ModuleDigestMismatch(
      Kind.TERMINAL,
      "The bytes do not have the digest that the reference or the manifest names.",
      "The source is faulty or somebody tampers with it: compare it with the publisher."),
  ModuleManifestInvalid(
      Kind.TERMINAL,
      "The registry's manifest is not that of a policy module.",
      "Push the module with kwctl or another tool that uses the Wasm layer media type."),
  ModuleContentTypeInvalid(
      Kind.TERMINAL,
      "The registry sends the manifest as another kind of document than it is, or as one that is no"
          + " manifest.",
      "Push the module again with warder push or kwctl; if it stays so, mend the registry."),
  ModuleLayersInvalid(
      Kind.TERMINAL,
      "The manifest has no layer, several, or one that is not WebAssembly.",
      "Push the module with warder push or kwctl, which use the Wasm layer media type."),
  ModuleConfigInvalid(
      Kind.TERMINAL,
      "The manifest's config has no valid digest or size.",
      "Push the module again with warder push or kwctl."),
  ModuleStoreFailed(
      Kind.RETRY,
      "The module store on disk could not be read or written.",
      "Check space and permissions of the --store folder; Warder keeps trying."),

  // Verify
  ModuleVerified(
      Kind.SUCCESS, "The module has the signatures that the PolicyServer asks for.", "Nothing."),
  VerificationConfigInvalid(
      Kind.TERMINAL,
      "The verification config cannot be used, so no module can be verified.",
      "Correct what the message names."),
  TrustRootInvalid(
      Kind.TERMINAL,
      "The Sigstore trust root cannot be used, so no certificate and no log entry can be judged.",
      "Give a trusted_root.json or a ClientTrustConfig of your Sigstore instance."),
  SignatureMissing(
      Kind.RETRY,
      "The module has no signature at all.",
      "Sign it with cosign; Warder keeps trying, as the signature may be pushed later."),
  SignatureRejected(
      Kind.TERMINAL,
      "The module has signatures, but not those that the verification config asks for.",
      "Compare what was found, as the message tells it, with the config; sign the module again or"
          + " correct the config."),

  // Describe and compile
  ModuleNotWasm(
      Kind.TERMINAL, "The bytes are not a WebAssembly core module.", "Check what was published."),
  MetadataMissing(
      Kind.TERMINAL,
      "The module has no io.kubewarden.metadata section.",
      "Annotate it: warder annotate, or kwctl annotate."),
  MetadataInvalid(
      Kind.TERMINAL,
      "The module's metadata cannot be read.",
      "Annotate the module again from a valid metadata.yml."),
  ExecutionModeUnsupported(
      Kind.TERMINAL,
      "The module's executionMode is not wasi.",
      "Warder runs WASI policies only; keep other modules on Kubewarden."),
  KubewardenVersionUnsupported(
      Kind.TERMINAL,
      "The module needs a newer Kubewarden than this Warder is compatible with.",
      "Update Warder or use an older release of the policy."),
  ModuleCompileFailed(
      Kind.TERMINAL,
      "The module is malformed or uses WebAssembly features that the engine lacks.",
      "Build it for WASI preview 1 with a current compiler."),
  ModuleCompilerFailed(
      Kind.RETRY,
      "The process that compiles modules took too long, was killed, or gave no readable answer.",
      "Do as the message says; Warder keeps trying."),
  ModuleImportUnknown(
      Kind.TERMINAL,
      "The module imports something that Warder does not provide.",
      "Build it as a WASI preview 1 command; other imports than host.call are not known."),

  // What policies ask the host for
  HostCapabilityInvalid(
      Kind.TERMINAL,
      "A host capability that is granted to the policy is none that there is.",
      "Correct the pattern as the message says."),
  ContextUnavailable(
      Kind.RETRY,
      "The policy reads resources of the cluster that Warder cannot read for it: they do not exist,"
          + " the account that reads for policies lacks a right, the API server cannot be watched, or"
          + " the memory for them is used up.",
      "Grant the rule that the message spells out, or do what it says; Warder keeps trying."),

  // Settings and rehearsal
  BudgetInvalid(
      Kind.TERMINAL,
      "An annotation that sizes a budget of the policy cannot be read, or asks for more than the"
          + " instance allows.",
      "Correct the annotation as the message says, or raise what the instance allows (--max-eval-memory"
          + " and its like)."),
  RefreshIntervalInvalid(
      Kind.TERMINAL,
      "The annotation that says how often a tag is looked up again cannot be read.",
      "Correct the annotation as the message says, or remove it."),
  SettingsRejected(
      Kind.TERMINAL,
      "The policy's validate-settings refused spec.settings.",
      "Correct spec.settings as the message says."),
  SettingsCheckFailed(
      Kind.TERMINAL,
      "validate-settings crashed, overran a budget or gave no readable answer.",
      "Tell the policy's author; try it with warder run."),
  TrialTimedOut(
      Kind.RETRY,
      "validate-settings or a validate of a synthetic request took longer than the time budget,"
          + " twice.",
      "Raise spec.timeoutEvalSeconds or give Warder more CPU; Warder keeps trying. If it lasts, the"
          + " policy hangs: tell its author."),
  RehearsalFailed(
      Kind.TERMINAL,
      "A validate of a synthetic request crashed, overran a budget or gave no readable answer.",
      "Tell the policy's author; try it with warder run."),

  // Cluster
  WebhookConfigurationRejected(
      Kind.TERMINAL,
      "The API server refused the webhook configuration made from this spec.",
      "Correct the field that the message names."),
  WebhookConfigurationRepaired(
      Kind.SUCCESS,
      "Somebody changed or deleted the webhook configuration; it was put back.",
      "Change the policy instead of the webhook configuration."),
  ClusterRequestFailed(
      Kind.RETRY,
      "A request to the API server failed.",
      "Check Warder's RBAC and the API server; Warder keeps trying."),
  ServingCertificateInvalid(
      Kind.RETRY,
      "The webhook's certificate or key cannot be used; a running server keeps the former ones.",
      "Check the Secret with the serving certificate; a deleted one is made anew."),
  WebhookNotListening(
      Kind.RETRY,
      "The admission server could not open its ports.",
      "Free the ports or choose others; Warder keeps trying."),
  InternalError(
      Kind.RETRY,
      "Something failed that Warder has no better name for.",
      "Look at Warder's log and report it; Warder keeps trying.");

  /** What follows from a reason. */
  public enum Kind {
    /** Not an end state. */
    PROGRESS,
    /** All is well. */
    SUCCESS,
    /** Failed; only an edit helps (condition Stalled). */
    TERMINAL,
    /** Failed; tried again by itself (condition Reconciling). */
    RETRY
  }

  private final Kind kind;
  private final String meaning;
  private final String remedy;

  Reason(Kind kind, String meaning, String remedy) {
    this.kind = kind;
    this.meaning = meaning;
    this.remedy = remedy;
  }

  public Kind kind() {
    return kind;
  }

  public boolean retryable() {
    return kind == Kind.RETRY;
  }

  /** What it means, in a sentence. */
  public String meaning() {
    return meaning;
  }

  /** What a person does about it. */
  public String remedy() {
    return remedy;
  }
}

package dev.warder.policy.metadata;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import java.util.List;

/** Puts metadata into a module after checking that they fit each other. */
public final class Annotator {
  /** The annotation that holds the version of the program that annotated the module. */
  public static final String VERSION_ANNOTATION = "dev.warder.annotate";

  private Annotator() {}

  /** What came of it. */
  public static final class Annotated {
    private final byte[] module;
    private final List<String> warnings;

    private Annotated(byte[] module, List<String> warnings) {
      this.module = module;
      this.warnings = List.copyOf(warnings);
    }

    /** With its metadata. */
    public byte[] module() {
      return module;
    }

    /** What is probably not meant like this, one line each. */
    public List<String> warnings() {
      return warnings;
    }
  }

  /**
   * The module with this metadata as its only metadata section, and with its host call under the
   * name that every host knows. Fails with {@code ModuleNotWasm}, or with {@code MetadataInvalid}
   * if Kubewarden would refuse the metadata too.
   */
  public static Outcome<Annotated> annotate(byte[] module, PolicyMetadata metadata) {
    var problems = MetadataChecks.problems(metadata);
    if (!problems.isEmpty()) {
      return invalid(String.join("; ", problems));
    }
    return ExecutionModeCheck.problem(module, metadata)
        .then(problem -> problem.isPresent() ? invalid(problem.get()) : write(module, metadata));
  }

  private static Outcome<Annotated> write(byte[] module, PolicyMetadata metadata) {
    return warnings(module, metadata)
        .then(
            warnings ->
                HostCallImport.underOneName(module)
                    .then(renamed -> MetadataWriter.annotate(renamed, metadata))
                    .map(annotated -> new Annotated(annotated, warnings)));
  }

  private static Outcome<List<String>> warnings(byte[] module, PolicyMetadata metadata) {
    if (metadata.executionMode() != ExecutionMode.WASI) {
      return Outcome.done(
          List.of(
              "executionMode is "
                  + metadata.executionMode().json()
                  + ": Kubewarden can run this module, Warder runs only wasi"));
    }
    return HostCallImport.isIn(module)
        .then(
            callsHost ->
                CapabilityScan.of(module)
                    .map(found -> new CapabilityWarnings(metadata, callsHost, found).lines()));
  }

  private static <T> Outcome<T> invalid(String problem) {
    return Outcome.failed(Reason.MetadataInvalid, "the metadata file is wrong: " + problem);
  }
}

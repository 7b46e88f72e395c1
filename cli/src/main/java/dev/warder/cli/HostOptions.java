package dev.warder.cli;

import dev.warder.cli.common.CommandFailedException;
import dev.warder.cli.common.Failures;
import dev.warder.policy.host.CapabilityList;
import dev.warder.policy.host.Grants;
import dev.warder.policy.host.HostSession;
import dev.warder.policy.host.SessionFile;
import dev.warder.policy.host.UnreadableSessionException;
import dev.warder.policy.metadata.ContextAwareResource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a policy may ask the host for when it is tried, and who answers. */
final class HostOptions {
  @Option(
      names = "--allow-context-aware",
      description = {
        "The policy may read what its metadata, or its manifest, lists of the cluster; implied by",
        "--kubeconfig, --context and --replay-host-calls."
      })
  private boolean contextAware;

  @Option(
      names = "--allowed-host-capabilities",
      paramLabel = "PATTERN",
      split = ",",
      defaultValue = "*",
      description =
          "Host calls that the policy may make; can be repeated (default: ${DEFAULT-VALUE}).")
  private List<String> capabilities = List.of();

  @Mixin private ClusterOptions cluster;

  @ArgGroup private @Nullable Session record;

  /** At most one of the two. */
  static final class Session {
    @Option(
        names = {"--record-host-calls", "--record-host-capabilities-interactions"},
        paramLabel = "FILE",
        description = "Writes the policy's host calls and their replies into a file.")
    private @Nullable Path to;

    @Option(
        names = {"--replay-host-calls", "--replay-host-capabilities-interactions"},
        paramLabel = "FILE",
        description = "Answers the policy's host calls from such a file, and asks nobody else.")
    private @Nullable Path from;
  }

  /**
   * What a policy gets.
   *
   * @param wanted which kinds it wants to read; asked only if it may read any
   */
  Grants grants(Supplier<Set<ContextAwareResource>> wanted) {
    var list = Failures.valueOf(CapabilityList.parse(capabilities));
    return new Grants(list, readsCluster() || replays() ? wanted.get() : Set.of());
  }

  /** The cluster to read from, if one is to be read from. */
  Optional<ClusterOptions> cluster() {
    return readsCluster() && !replays() ? Optional.of(cluster) : Optional.empty();
  }

  private boolean readsCluster() {
    return contextAware || cluster.named();
  }

  private boolean replays() {
    return record != null && record.from != null;
  }

  /** What the evaluation's host calls are part of, if it is recorded or replayed. */
  Optional<HostSession> session() throws IOException {
    if (record == null) {
      return Optional.empty();
    }
    return Optional.of(
        record.from == null
            ? new HostSession.Recording()
            : new HostSession.Replaying(exchanges(record.from)));
  }

  static List<dev.warder.policy.host.Exchange> exchanges(Path file) throws IOException {
    try {
      return SessionFile.read(LocalFiles.read(file));
    } catch (UnreadableSessionException e) {
      throw new CommandFailedException(
          "%s is no record of host calls: %s; make one with warder run --record-host-calls"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /**
   * Keeps what was recorded.
   *
   * @return what a person should know
   */
  Optional<String> end(HostSession session) throws IOException {
    return switch (session) {
      case HostSession.Recording recording -> {
        if (record != null && record.to != null) {
          LocalFiles.write(record.to, SessionFile.write(recording.exchanges()));
        }
        yield Optional.empty();
      }
      case HostSession.Replaying replaying ->
          replaying.left() == 0
              ? Optional.empty()
              : Optional.of(
                  "Warning: %d recorded host calls were not made".formatted(replaying.left()));
    };
  }
}

package dev.warder.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The environment of {@code warder serve}: the twins of all options, and the variables by which
 * Kubewarden's policy-server is told the same. {@code WARDER_} wins.
 */
final class PolicyServerDefaults implements IDefaultValueProvider {
  private static final String PREFIX = "KUBEWARDEN_";

  private static final Map<String, String> VARIABLES =
      Map.ofEntries(
          Map.entry("--addr", PREFIX + "BIND_ADDRESS"),
          Map.entry("--port", PREFIX + "PORT"),
          Map.entry("--readiness-probe-port", PREFIX + "READINESS_PROBE_PORT"),
          Map.entry("--workers", PREFIX + "WORKERS"),
          Map.entry("--cert-file", PREFIX + "CERT_FILE"),
          Map.entry("--key-file", PREFIX + "KEY_FILE"),
          Map.entry("--client-ca-file", PREFIX + "CLIENT_CA_FILE"),
          Map.entry("--policies", PREFIX + "POLICIES"),
          Map.entry("--policies-download-dir", PREFIX + "POLICIES_DOWNLOAD_DIR"),
          Map.entry("--verification-config-path", PREFIX + "VERIFICATION_CONFIG_PATH"),
          Map.entry("--sigstore-trust-config", PREFIX + "SIGSTORE_TRUST_CONFIG_PATH"),
          Map.entry("--sources-path", PREFIX + "SOURCES_PATH"),
          Map.entry("--docker-config-json-path", PREFIX + "DOCKER_CONFIG_JSON_PATH"),
          Map.entry("--policy-timeout", PREFIX + "POLICY_TIMEOUT"),
          Map.entry("--log-level", PREFIX + "LOG_LEVEL"),
          Map.entry("--log-format", PREFIX + "LOG_FMT"));

  private final EnvironmentDefaults warder;
  private final EnvironmentDefaults.Environment environment;

  PolicyServerDefaults() {
    this(System::getenv);
  }

  PolicyServerDefaults(EnvironmentDefaults.Environment environment) {
    this.environment = name -> setting(environment.get(name));
    this.warder = new EnvironmentDefaults(this.environment);
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    var own = warder.defaultValue(argument);
    return own == null && argument instanceof OptionSpec option ? policyServers(option) : own;
  }

  private @Nullable String policyServers(OptionSpec option) {
    var variable = VARIABLES.get(option.longestName());
    return variable == null ? null : environment.get(variable);
  }

  /** Variables of policy-server that are set and mean nothing here. */
  static List<String> ignored(Map<String, String> environment) {
    return environment.keySet().stream()
        .filter(name -> name.startsWith(PREFIX))
        .filter(name -> !VARIABLES.containsValue(name))
        // What the kubelet makes of a Service whose name begins like this.
        .filter(name -> !name.matches("KUBEWARDEN_(.*_)?(SERVICE_(HOST|PORT).*|PORT_\\d+_.*|PORT)"))
        .sorted()
        .toList();
  }

  /**
   * The kubelet gives a pod WARDER_PORT=tcp://10.0.0.1:443 for a Service named warder beside it:
   * that is not meant for us.
   */
  private static @Nullable String setting(@Nullable String value) {
    return value == null || value.isEmpty() || value.matches("(tcp|udp|sctp)://.*") ? null : value;
  }
}

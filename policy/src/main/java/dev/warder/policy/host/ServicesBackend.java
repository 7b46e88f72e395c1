package dev.warder.policy.host;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.host.call.CallFailures;
import dev.warder.policy.host.kubernetes.ClusterContext;
import dev.warder.policy.host.kubernetes.ContextLease;
import dev.warder.policy.wasi.HostCallGate.Answer;
import java.util.Optional;
import java.util.function.Function;

/**
 * Carries calls out.
 *
 * @param lease of the policy that calls
 */
record ServicesBackend(HostServices services, Optional<ContextLease> lease) implements HostBackend {
  @Override
  public Answer call(HostOperation operation, JsonNode payload) {
    return switch (operation) {
      case LOG -> throw new IllegalArgumentException("what guests log has a way of its own");
      case LIST_BY_NAMESPACE, LIST_ALL -> cluster(context -> context.list(payload, lease));
      case GET -> cluster(context -> context.get(payload));
      case CAN_I -> cluster(context -> context.canI(payload));
      case VERIFY_V1 -> services.oci().verifyV1(payload);
      case VERIFY_V2 -> services.oci().verifyV2(payload);
      case MANIFEST_DIGEST -> services.oci().manifestDigest(payload);
      case MANIFEST -> services.oci().manifest(payload);
      case MANIFEST_CONFIG -> services.oci().manifestConfig(payload);
      case DNS_LOOKUP -> services.dns().lookUp(payload);
      case CERTIFICATE_TRUSTED -> services.certificates().judge(payload);
    };
  }

  private Answer cluster(Function<ClusterContext, Answer> call) {
    return services
        .cluster()
        .map(call)
        .orElseGet(
            () ->
                CallFailures.refused(
                    "the kube client was not initialised properly: Warder runs here without a"
                        + " cluster"));
  }

  @Override
  public void log(String policy, String uid, byte[] payload) {
    services.log().log(policy, uid, payload);
  }
}

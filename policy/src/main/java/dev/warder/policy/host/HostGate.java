package dev.warder.policy.host;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.policy.json.Json;
import dev.warder.policy.json.UnexpectedJsonException;
import dev.warder.policy.metadata.ContextAwareResource;
import dev.warder.policy.wasi.HostCallGate;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one gate: a call passes if its operation is known and the policy's grants have it. The order
 * of the checks and their words are Kubewarden's.
 *
 * @param uid of the request that is judged
 */
record HostGate(HostBackend backend, Grants grants, CallCounts counts, String policy, String uid)
    implements HostCallGate {
  private static final Logger LOG = LoggerFactory.getLogger(HostGate.class);

  private static final String BINDING = "kubewarden";
  private static final Pattern BREAKS = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]");

  @Override
  public Answer ask(HostCall call) {
    try {
      return checked(call);
    } catch (RuntimeException e) {
      LOG.error(
          "policy {}: the call of {}/{} failed", policy, call.namespace(), call.operation(), e);
      return Reply.refused("the call failed unexpectedly; Warder's log says more");
    }
  }

  private Answer checked(HostCall call) {
    if (!call.binding().equals(BINDING)) {
      return Reply.refused("unknown binding: " + call.binding());
    }
    var path = call.namespace() + "/" + call.operation();
    if (!call.namespace().equals(HostOperation.LOG.namespace())
        && !grants.capabilities().allows(path)) {
      return violation("the \"%s\" host capability".formatted(path));
    }
    var found = HostOperation.find(call.namespace(), call.operation());
    if (found.isEmpty()) {
      return Reply.refused(
          HostOperation.knowsNamespace(call.namespace())
              ? "unknown operation: " + call.operation()
              : "unknown namespace: " + call.namespace());
    }
    var operation = found.get();
    counts.called(operation);
    if (operation == HostOperation.LOG) {
      backend.log(policy, uid, call.payload());
      return Reply.empty();
    }
    JsonNode payload;
    try {
      payload = operation.payload().fit(Json.read(call.payload()), "payload");
    } catch (UnexpectedJsonException e) {
      return Reply.refused("the payload of %s cannot be read: %s".formatted(path, e.reason()));
    }
    return switch (operation.rule()) {
      case ALWAYS, CAPABILITY -> backend.call(operation, payload);
      case CAPABILITY_AND_KIND -> {
        var kind =
            new ContextAwareResource(
                payload.path("api_version").textValue(), payload.path("kind").textValue());
        yield grants.resources().contains(kind)
            ? backend.call(operation, payload)
            : violation("Kubernetes %s/%s resources".formatted(kind.apiVersion(), kind.kind()));
      }
    };
  }

  private Reply violation(String what) {
    counts.violated();
    if (LOG.isDebugEnabled()) {
      // The names are the guest's, and may break the line.
      LOG.debug(
          "policy {} has not been granted access to {}, and asks for it",
          policy,
          BREAKS.matcher(what).replaceAll("?"));
    }
    return Reply.refused(
        "Policy %s has not been granted access to %s. The violation has been reported"
            .formatted(policy, what));
  }
}

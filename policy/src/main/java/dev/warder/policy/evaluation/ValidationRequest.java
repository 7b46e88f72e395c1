package dev.warder.policy.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warder.policy.json.Json;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a policy is asked to judge; {@link AdmissionReviews} makes it. */
public sealed interface ValidationRequest {
  /** What the response has to repeat; empty if a raw request has none. */
  String uid();

  /** The member {@code request} of the guest's input; callers must not change the array. */
  byte[] json();

  /**
   * The document that a mutation starts from; null if there is none, as with a DELETE. Callers must
   * not change it.
   */
  @Nullable JsonNode mutable();

  /**
   * The request of a Kubernetes API server, without the members that the contract does not know.
   */
  final class Kubernetes implements ValidationRequest {
    private final ObjectNode request;
    private final byte[] json;

    /** Takes a request that has the shape of one, and nothing else in it. */
    Kubernetes(ObjectNode request) {
      this.request = request;
      this.json = Json.write(request);
    }

    @Override
    public String uid() {
      return request.path("uid").textValue();
    }

    @Override
    public byte[] json() {
      return json;
    }

    @Override
    public @Nullable JsonNode mutable() {
      return request.get("object");
    }

    /** The same as {@link #mutable()}: the object as it would be stored. */
    public @Nullable JsonNode object() {
      return mutable();
    }

    /** {@code requestKind.kind}; empty when the caller did not say. */
    public Optional<String> resourceKind() {
      return Optional.ofNullable(request.path("requestKind").path("kind").textValue());
    }

    /** Empty for a cluster-wide object. */
    public Optional<String> namespace() {
      return Optional.ofNullable(request.path("namespace").textValue());
    }

    /** Empty when the API server makes the name. */
    public Optional<String> name() {
      return Optional.ofNullable(request.path("name").textValue());
    }

    /** {@code CREATE} and the like, as the caller wrote it. */
    public String operation() {
      return request.path("operation").textValue();
    }
  }

  /** Any JSON value that is judged outside of Kubernetes; no member is added or dropped. */
  final class Raw implements ValidationRequest {
    private final JsonNode request;
    private final byte[] json;

    Raw(JsonNode request) {
      this.request = request;
      this.json = Json.write(request);
    }

    @Override
    public String uid() {
      var uid = request.path("uid").textValue();
      return uid == null ? "" : uid;
    }

    @Override
    public byte[] json() {
      return json;
    }

    @Override
    public JsonNode mutable() {
      return request;
    }
  }
}

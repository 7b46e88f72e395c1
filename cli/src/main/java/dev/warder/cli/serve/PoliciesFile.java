package dev.warder.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.warder.cli.common.YamlTree;
import dev.warder.cli.common.YamlTree.MisfitException;
import dev.warder.policy.Failure;
import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import dev.warder.policy.evaluation.PolicyMode;
import dev.warder.policy.evaluation.PolicyRules;
import dev.warder.policy.host.CapabilityList;
import dev.warder.policy.host.Grants;
import dev.warder.policy.metadata.ContextAwareResource;
import dev.warder.webhook.registry.PolicyId;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * The file {@code policies.yml} of Kubewarden's policy-server: a map from ids to policies and
 * groups. Members that it does not know are ignored, as policy-server does; what is written wrong
 * in one entry refuses that entry only.
 */
final class PoliciesFile {
  private static final long MAX_TIMEOUT_SECONDS = Duration.ofDays(1).toSeconds();

  private final String id;
  private final Map<String, Node> members;

  private PoliciesFile(String id, Map<String, Node> members) {
    this.id = id;
    this.members = members;
  }

  /** All entries in their order; fails with {@code PoliciesFileInvalid} if there is no such map. */
  static Outcome<List<Entry>> parse(byte[] file) {
    try {
      var entries = new ArrayList<Entry>();
      for (var member : YamlTree.members(YamlTree.parse(text(file)), "the file").entrySet()) {
        entries.add(entry(member.getKey(), member.getValue()));
      }
      return Outcome.done(List.copyOf(entries));
    } catch (MisfitException e) {
      return invalid(String.valueOf(e.getMessage()));
    } catch (CharacterCodingException e) {
      return invalid("it is not UTF-8");
    }
  }

  private static Outcome<List<Entry>> invalid(String why) {
    return Outcome.failed(Reason.PoliciesFileInvalid, "The file cannot be read: " + why);
  }

  private static String text(byte[] file) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(file)).toString();
  }

  private static Entry entry(String id, Node node) {
    try {
      var entry = new PoliciesFile(id, YamlTree.members(node, "a policy"));
      if (entry.members.containsKey("module")) {
        return entry.policy(node);
      }
      return entry.members.containsKey("policies")
          ? refused(
              id,
              Reason.PolicyGroupUnsupported,
              "it is a policy group, and Warder does not evaluate group expressions yet")
          : refused(
              id,
              Reason.PolicyEntryInvalid,
              new MisfitException(node, "there is neither module nor policies").getMessage());
    } catch (MisfitException e) {
      return refused(id, Reason.PolicyEntryInvalid, e.getMessage());
    }
  }

  private static Entry refused(String id, Reason reason, @Nullable String why) {
    return new Entry.Refused(id, new Failure(reason, String.valueOf(why)));
  }

  private Entry policy(Node node) throws MisfitException {
    var policyId =
        PolicyId.parse(id)
            .orElseThrow(
                () ->
                    new MisfitException(
                        node, "the id must have letters, digits and - . _ ~ only, at most 600"));
    var mode = text("policyMode");
    var rules =
        new PolicyRules(
            mode.isEmpty() ? PolicyMode.PROTECT : mode(mode.get()),
            flag("allowedToMutate"),
            text("message"),
            id);
    var module = text("module").orElseThrow(() -> new MisfitException(node, "module is empty"));
    return new Entry.Policy(
        policyId, new Entry.Wanted(module, settings(), timeout(), grants()), rules);
  }

  private Grants grants() throws MisfitException {
    var resources = new HashSet<ContextAwareResource>();
    for (var resource : list("contextAwareResources")) {
      var fields = YamlTree.members(resource, "an element of contextAwareResources");
      resources.add(
          new ContextAwareResource(
              text(resource, fields, "apiVersion"), text(resource, fields, "kind")));
    }
    var patterns = new ArrayList<String>();
    for (var capability : list("hostCapabilities")) {
      patterns.add(text(capability, "an element of hostCapabilities"));
    }
    return switch (CapabilityList.parse(patterns)) {
      case Outcome.Done<CapabilityList>(var capabilities) -> new Grants(capabilities, resources);
      case Outcome.Failed<CapabilityList>(var failure) ->
          throw misfit("hostCapabilities", "cannot be granted: " + failure.message());
    };
  }

  private PolicyMode mode(String label) throws MisfitException {
    return PolicyMode.parse(label)
        .orElseThrow(() -> misfit("policyMode", "must be protect or monitor"));
  }

  private JsonNode settings() throws MisfitException {
    var node = members.get("settings");
    if (node == null) {
      return NullNode.getInstance();
    }
    var settings = YamlTree.json(node);
    if (!settings.isNull() && !settings.isObject()) {
      throw misfit("settings", "must be a map");
    }
    return settings;
  }

  private Optional<Duration> timeout() throws MisfitException {
    var node = members.get("timeoutEvalSeconds");
    if (node == null || YamlTree.isNull(node)) {
      return Optional.empty();
    }
    var seconds = YamlTree.json(node);
    if (!seconds.isIntegralNumber() || seconds.bigIntegerValue().signum() <= 0) {
      throw misfit("timeoutEvalSeconds", "must be a whole number of seconds, at least 1");
    }
    return Optional.of(
        Duration.ofSeconds(
            seconds.canConvertToLong()
                ? Math.min(seconds.longValue(), MAX_TIMEOUT_SECONDS)
                : MAX_TIMEOUT_SECONDS));
  }

  private Optional<String> text(String name) throws MisfitException {
    var node = members.get(name);
    return node == null || YamlTree.isNull(node) ? Optional.empty() : Optional.of(text(node, name));
  }

  private static String text(Node parent, Map<String, Node> fields, String name)
      throws MisfitException {
    var node = fields.get(name);
    if (node == null) {
      throw new MisfitException(parent, name + " is missing");
    }
    return text(node, name);
  }

  private static String text(Node node, String what) throws MisfitException {
    var value = YamlTree.json(node);
    if (!value.isTextual()) {
      throw new MisfitException(node, what + " must be a text");
    }
    return value.textValue();
  }

  private boolean flag(String name) throws MisfitException {
    var node = members.get(name);
    if (node == null || YamlTree.isNull(node)) {
      return false;
    }
    var value = YamlTree.json(node);
    if (!value.isBoolean()) {
      throw misfit(name, "must be true or false");
    }
    return value.booleanValue();
  }

  private List<Node> list(String name) throws MisfitException {
    var node = members.get(name);
    if (node == null || YamlTree.isNull(node)) {
      return List.of();
    }
    if (!(node instanceof SequenceNode sequence)) {
      throw misfit(name, "must be a list");
    }
    return sequence.getValue();
  }

  private MisfitException misfit(String name, String why) {
    return new MisfitException(Objects.requireNonNull(members.get(name)), name + " " + why);
  }
}

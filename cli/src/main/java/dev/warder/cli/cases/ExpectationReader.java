package dev.warder.cli.cases;

import dev.warder.cli.common.YamlTree;
import dev.warder.cli.common.YamlTree.MisfitException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads the member {@code expect} of a case. */
final class ExpectationReader {
  private static final Set<String> MEMBERS =
      Set.of("allowed", "settingsValid", "message", "code", "mutated", "warnings");
  private static final Set<String> MATCHES = Set.of("contains", "matches");
  private static final int MAX_CODE = 65_535;

  private ExpectationReader() {}

  static Expectation read(Node node, CaseFile file) throws MisfitException, CaseFileException {
    var members = YamlTree.members(node, "expect");
    CaseFile.onlyKnown(members, MEMBERS, "expect");
    if (members.isEmpty()) {
      throw new MisfitException(node, "expect is empty, so that no answer could be wrong");
    }
    var expectation =
        new Expectation(
            flag(members, "allowed"),
            flag(members, "settingsValid"),
            message(members.get("message")),
            code(members.get("code")),
            mutated(members.get("mutated"), file),
            warnings(members.get("warnings")));
    if (expectation.settingsRefused()
        && members.keySet().stream().anyMatch(name -> !name.matches("settingsValid|message"))) {
      throw new MisfitException(
          node, "with settingsValid: false there is no answer: only a message can be expected");
    }
    return expectation;
  }

  private static Optional<Boolean> flag(Map<String, Node> members, String name)
      throws MisfitException {
    var node = members.get(name);
    if (node == null) {
      return Optional.empty();
    }
    var value = YamlTree.json(node);
    if (!value.isBoolean()) {
      throw new MisfitException(node, name + " must be true or false");
    }
    return Optional.of(value.booleanValue());
  }

  private static Optional<TextMatch> message(@Nullable Node node) throws MisfitException {
    if (node == null) {
      return Optional.empty();
    }
    if (node instanceof ScalarNode) {
      return Optional.of(new TextMatch.Exactly(CaseFile.text(node, "message")));
    }
    var members = YamlTree.members(node, "message");
    CaseFile.onlyKnown(members, MATCHES, "message");
    if (members.size() != 1) {
      throw new MisfitException(node, "message must be a text, {contains: …} or {matches: …}");
    }
    var part = members.get("contains");
    if (part != null) {
      return Optional.of(new TextMatch.Contains(CaseFile.text(part, "contains")));
    }
    var pattern = members.values().iterator().next();
    try {
      return Optional.of(
          new TextMatch.Matches(
              Pattern.compile(CaseFile.text(pattern, "matches"), Pattern.DOTALL)));
    } catch (PatternSyntaxException e) {
      throw new MisfitException(pattern, "this is no regular expression: " + e.getDescription());
    }
  }

  private static Optional<Integer> code(@Nullable Node node) throws MisfitException {
    if (node == null) {
      return Optional.empty();
    }
    var code = YamlTree.json(node);
    if (!code.isIntegralNumber()
        || !code.canConvertToInt()
        || code.intValue() < 0
        || code.intValue() > MAX_CODE) {
      throw new MisfitException(node, "code must be a number from 0 to " + MAX_CODE);
    }
    return Optional.of(code.intValue());
  }

  private static Optional<Mutation> mutated(@Nullable Node node, CaseFile file)
      throws MisfitException, CaseFileException {
    if (node == null) {
      return Optional.empty();
    }
    var object = file.document(node);
    if (object.isEmpty() || (object.get().isBoolean() && !object.get().booleanValue())) {
      return Optional.of(new Mutation.None());
    }
    if (object.get().isValueNode()) {
      throw new MisfitException(node, "mutated must be a path, an object, or false for no change");
    }
    return Optional.of(new Mutation.To(object.get()));
  }

  private static Optional<List<String>> warnings(@Nullable Node node) throws MisfitException {
    if (node == null) {
      return Optional.empty();
    }
    var list = new ArrayList<String>();
    var json = YamlTree.json(node);
    if (!json.isArray()) {
      throw new MisfitException(node, "warnings must be a list");
    }
    for (var one : json) {
      if (!one.isTextual()) {
        throw new MisfitException(node, "warnings must be texts");
      }
      list.add(one.textValue());
    }
    return Optional.of(list);
  }
}

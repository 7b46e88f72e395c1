package dev.warder.cli.cases;

import com.fasterxml.jackson.databind.JsonNode;
import dev.warder.cli.common.YamlTree;
import dev.warder.cli.common.YamlTree.MisfitException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** One file: a case, or a list of cases. What they name is relative to the file. */
final class CaseFile {
  private static final Set<String> MEMBERS =
      Set.of("name", "request", "settings", "module", "hostCalls", "expect");

  private final Path file;
  private final List<Path> read = new ArrayList<>();

  CaseFile(Path file) {
    this.file = file;
  }

  List<TestCase> read(String text) throws CaseFileException {
    try {
      var document = YamlTree.parse(text);
      var nodes = document instanceof SequenceNode list ? list.getValue() : List.<Node>of(document);
      var cases = new ArrayList<TestCase>();
      for (var node : nodes) {
        cases.add(one(node));
      }
      return cases;
    } catch (MisfitException e) {
      throw new CaseFileException(file + ": " + e.getMessage(), e);
    }
  }

  private TestCase one(Node node) throws MisfitException, CaseFileException {
    read.clear();
    read.add(file);
    var members = YamlTree.members(node, "a case");
    onlyKnown(members, MEMBERS, "a case");
    var expect = ExpectationReader.read(required(node, members, "expect"), this);
    var request = document(members.get("request"));
    if (request.isEmpty() && !expect.settingsRefused() && expect.allowed().isPresent()) {
      throw new MisfitException(node, "a case that expects an answer needs a request");
    }
    return new TestCase(
        text(required(node, members, "name"), "name"),
        file,
        node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1),
        module(members.get("module")),
        request,
        document(members.get("settings")),
        path(members.get("hostCalls"), "hostCalls"),
        expect,
        read);
  }

  /** A path to a document, or the document itself. */
  Optional<JsonNode> document(@Nullable Node node) throws MisfitException, CaseFileException {
    if (node == null || YamlTree.isNull(node)) {
      return Optional.empty();
    }
    if (!(node instanceof ScalarNode scalar) || !scalar.getTag().equals(Tag.STR)) {
      return Optional.of(YamlTree.json(node));
    }
    var named = resolve(scalar.getValue());
    read.add(named);
    try {
      // JSON is YAML, too.
      return Optional.of(YamlTree.json(YamlTree.parse(CaseFiles.text(named))));
    } catch (MisfitException e) {
      throw new CaseFileException(named + ": " + e.getMessage(), e);
    }
  }

  private Optional<Path> path(@Nullable Node node, String what) throws MisfitException {
    return node == null ? Optional.empty() : Optional.of(resolve(text(node, what)));
  }

  private Optional<String> module(@Nullable Node node) throws MisfitException {
    if (node == null) {
      return Optional.empty();
    }
    var module = text(node, "module");
    return Optional.of(module.contains("://") ? module : resolve(module).toString());
  }

  private Path resolve(String path) {
    return file.toAbsolutePath().resolveSibling(path).normalize();
  }

  static String text(Node node, String what) throws MisfitException {
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.STR)) {
      return scalar.getValue();
    }
    throw new MisfitException(node, what + " must be a text; put it in quotation marks");
  }

  static void onlyKnown(Map<String, Node> members, Set<String> known, String what)
      throws MisfitException {
    for (var member : members.entrySet()) {
      if (!known.contains(member.getKey())) {
        throw new MisfitException(
            member.getValue(),
            "%s has no \"%s\"; there are %s"
                .formatted(
                    what, member.getKey(), String.join(", ", known.stream().sorted().toList())));
      }
    }
  }

  private static Node required(Node at, Map<String, Node> members, String name)
      throws MisfitException {
    var node = members.get(name);
    if (node == null) {
      throw new MisfitException(at, "the case has no " + name);
    }
    return node;
  }
}

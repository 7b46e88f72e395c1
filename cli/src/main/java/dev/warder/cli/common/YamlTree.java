package dev.warder.cli.common;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** A YAML 1.2 document whose every node knows its place, within limits. */
public final class YamlTree {
  /** Of the document, in characters. */
  public static final int MAX_CHARS = 3 << 20;

  private static final int MAX_DEPTH = 100;

  /** Aliases count as often as they are used. */
  private static final int MAX_NODES = 200_000;

  private static final int MAX_NUMBER_CHARS = 100;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** The document is not what it should be; the message says where and why, in one line. */
  public static final class MisfitException extends Exception {
    private static final long serialVersionUID = 1L;

    public MisfitException(Node at, String why) {
      super(place(at) + why);
    }

    private MisfitException(String message) {
      super(message);
    }

    private MisfitException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private int nodes;

  private YamlTree() {}

  /** Exactly one document. */
  public static Node parse(String text) throws MisfitException {
    var settings =
        LoadSettings.builder()
            .setSchema(new CoreSchema())
            .setCodePointLimit(MAX_CHARS)
            .setUseMarks(true)
            .build();
    try {
      return new Compose(settings)
          .composeString(text)
          .orElseThrow(() -> new MisfitException("the document is empty"));
    } catch (MarkedYamlEngineException e) {
      var at = e.getProblemMark().map(m -> place(m.getLine(), m.getColumn())).orElse("");
      throw new MisfitException(at + e.getProblem(), e);
    } catch (YamlEngineException e) {
      throw new MisfitException(String.valueOf(e.getMessage()), e);
    } catch (StackOverflowError e) {
      throw new MisfitException("the document is nested too deeply", e);
    }
  }

  /** The members of a map; each name occurs once. */
  public static Map<String, Node> members(Node node, String what) throws MisfitException {
    if (!(node instanceof MappingNode map)) {
      throw new MisfitException(node, what + " must be a map");
    }
    var members = new LinkedHashMap<String, Node>();
    for (var tuple : map.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
        throw new MisfitException(tuple.getKeyNode(), "the name of a member must be a text");
      }
      if (members.putIfAbsent(name.getValue(), tuple.getValueNode()) != null) {
        throw new MisfitException(name, "the name \"" + name.getValue() + "\" occurs twice");
      }
    }
    return members;
  }

  public static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  /** The same as JSON. */
  public static JsonNode json(Node node) throws MisfitException {
    return new YamlTree().json(node, 0);
  }

  private JsonNode json(Node node, int depth) throws MisfitException {
    if (depth > MAX_DEPTH || ++nodes > MAX_NODES) {
      throw new MisfitException(
          node, "there are more than %d levels or %d values here".formatted(MAX_DEPTH, MAX_NODES));
    }
    return switch (node) {
      case MappingNode map -> {
        var object = JSON.objectNode();
        for (var member : members(map, "this").entrySet()) {
          object.set(member.getKey(), json(member.getValue(), depth + 1));
        }
        yield object;
      }
      case SequenceNode sequence -> {
        var array = JSON.arrayNode();
        for (var element : sequence.getValue()) {
          array.add(json(element, depth + 1));
        }
        yield array;
      }
      case ScalarNode scalar -> scalar(scalar);
      default -> throw new MisfitException(node, "this is no JSON");
    };
  }

  private static JsonNode scalar(ScalarNode node) throws MisfitException {
    var text = node.getValue();
    var tag = node.getTag();
    if (tag.equals(Tag.NULL)) {
      return JSON.nullNode();
    } else if (tag.equals(Tag.BOOL)) {
      return JSON.booleanNode(Boolean.parseBoolean(text));
    } else if (tag.equals(Tag.STR)) {
      return JSON.textNode(text);
    } else if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
      return number(node, text);
    }
    throw new MisfitException(node, "the tag " + tag + " has no meaning here");
  }

  private static JsonNode number(ScalarNode node, String text) throws MisfitException {
    try {
      if (text.length() > MAX_NUMBER_CHARS) {
        throw new NumberFormatException();
      }
      if (text.startsWith("0x")) {
        return JSON.numberNode(new BigInteger(text.substring(2), 16));
      }
      if (text.startsWith("0o")) {
        return JSON.numberNode(new BigInteger(text.substring(2), 8));
      }
      return node.getTag().equals(Tag.INT)
          ? JSON.numberNode(new BigInteger(text))
          : JSON.numberNode(new BigDecimal(text));
    } catch (NumberFormatException e) {
      throw new MisfitException(node, "JSON has no number for this");
    }
  }

  private static String place(Node node) {
    return node.getStartMark().map(mark -> place(mark.getLine(), mark.getColumn())).orElse("");
  }

  private static String place(int line, int column) {
    return "line %d, column %d: ".formatted(line + 1, column + 1);
  }
}

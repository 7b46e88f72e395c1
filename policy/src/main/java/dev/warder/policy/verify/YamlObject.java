package dev.warder.policy.verify;

import static dev.warder.policy.verify.UnverifiedException.require;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * An object of a YAML 1.2 document, each member under its place. A member that is null is not
 * there.
 *
 * @param place in the document, empty for the document itself
 */
record YamlObject(String place, Map<String, Object> members) {
  private static final int MAX_CHARS = 1 << 20;
  private static final int MAX_ALIASES = 50;
  private static final int MAX_TEXT_CHARS = 16 << 10;

  /** Reads exactly one document, in which no name is twice in an object. */
  static YamlObject read(String yaml) throws UnverifiedException {
    require(yaml.length() <= MAX_CHARS, "it is larger than " + MAX_CHARS + " characters");
    var settings =
        LoadSettings.builder()
            .setSchema(new CoreSchema())
            .setAllowDuplicateKeys(false)
            .setCodePointLimit(MAX_CHARS)
            .setMaxAliasesForCollections(MAX_ALIASES)
            .build();
    try {
      return of("", new Load(settings).loadFromString(yaml));
    } catch (MarkedYamlEngineException e) {
      throw new UnverifiedException(
          e.getProblemMark()
                  .map(
                      mark ->
                          "line %d, column %d: "
                              .formatted(mark.getLine() + 1, mark.getColumn() + 1))
                  .orElse("")
              + e.getProblem());
    } catch (YamlEngineException e) {
      throw new UnverifiedException(
          "it is no YAML: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    } catch (StackOverflowError _) {
      throw new UnverifiedException("it is nested too deeply");
    }
  }

  private static YamlObject of(String place, @Nullable Object value) throws UnverifiedException {
    var name = place.isEmpty() ? "it" : place;
    if (!(value instanceof Map<?, ?> map)) {
      throw new UnverifiedException(name + " is no object");
    }
    var members = new LinkedHashMap<String, Object>();
    for (var member : map.entrySet()) {
      if (!(member.getKey() instanceof String key)) {
        throw new UnverifiedException(name + " has a name that is no text");
      }
      if (member.getValue() != null) {
        members.put(key, member.getValue());
      }
    }
    return new YamlObject(place, members);
  }

  String at(String name) {
    return place.isEmpty() ? name : place + "." + name;
  }

  void requireOnly(String... known) throws UnverifiedException {
    var unknown = new TreeSet<>(members.keySet());
    unknown.removeAll(List.of(known));
    if (!unknown.isEmpty()) {
      throw new UnverifiedException(
          "%s is unknown here; known are %s"
              .formatted(at(unknown.first()), String.join(", ", known)));
    }
  }

  String text(String name) throws UnverifiedException {
    return optionalText(name).orElseThrow(() -> new UnverifiedException(at(name) + " is missing"));
  }

  /** One line with more than white space in it. */
  Optional<String> optionalText(String name) throws UnverifiedException {
    var text = optionalLines(name);
    require(
        text.stream().flatMapToInt(String::chars).noneMatch(Character::isISOControl),
        at(name) + " has control characters");
    return text;
  }

  /** A text that may have several lines. */
  String lines(String name) throws UnverifiedException {
    return optionalLines(name).orElseThrow(() -> new UnverifiedException(at(name) + " is missing"));
  }

  private Optional<String> optionalLines(String name) throws UnverifiedException {
    var value = members.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof String text)) {
      throw new UnverifiedException(at(name) + " is no text; put it into quotes");
    }
    require(!text.isBlank(), at(name) + " is empty");
    require(text.length() <= MAX_TEXT_CHARS, at(name) + " is too long");
    return Optional.of(text);
  }

  int number(String name, int otherwise) throws UnverifiedException {
    var value = members.getOrDefault(name, otherwise);
    require(value instanceof Integer, at(name) + " is no whole number of this size");
    return (Integer) value;
  }

  Optional<YamlObject> optionalObject(String name) throws UnverifiedException {
    return members.containsKey(name)
        ? Optional.of(of(at(name), members.get(name)))
        : Optional.empty();
  }

  /** A list that is not there is empty. */
  List<YamlObject> objects(String name, int max) throws UnverifiedException {
    var value = members.getOrDefault(name, List.of());
    require(value instanceof List, at(name) + " is no list");
    var list = (List<?>) value;
    require(list.size() <= max, at(name) + " has more than " + max + " entries");
    var objects = new ArrayList<YamlObject>();
    for (var element : list) {
      objects.add(of("%s[%d]".formatted(at(name), objects.size()), element));
    }
    return List.copyOf(objects);
  }
}

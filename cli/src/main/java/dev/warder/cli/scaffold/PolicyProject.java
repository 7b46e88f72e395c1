package dev.warder.cli.scaffold;

import dev.warder.cli.common.CommandFailedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A folder in which a policy can be built, tested, annotated and run at once. */
public record PolicyProject(String name, Language language) {
  private static final String ROOT = "/scaffold/";
  private static final String NAME = "__NAME__";
  private static final List<String> COMMON =
      List.of(
          "README.md",
          "metadata.yml",
          "policy.yaml",
          "requests/accept.json",
          "requests/reject.json",
          "settings/bad.json",
          "settings/good.json",
          "tests/cases.yaml");

  /** Writes it; a folder that holds something already is left alone. */
  public List<Path> write(Path folder) {
    refuseIfUsed(folder);
    var files =
        templates().entrySet().stream()
            .map(file -> write(folder.resolve(file.getKey()), file.getValue()))
            .toList();
    return files;
  }

  private static void refuseIfUsed(Path folder) {
    try {
      if (!Files.exists(folder)) {
        return;
      }
      if (!Files.isDirectory(folder)) {
        throw new CommandFailedException(folder + " is a file: name another --directory");
      }
      try (var entries = Files.list(folder)) {
        if (entries.findAny().isPresent()) {
          throw new CommandFailedException(
              "the folder " + folder + " is not empty: name another --directory");
        }
      }
    } catch (IOException e) {
      throw new CommandFailedException("cannot look into the folder " + folder + ": " + e, e);
    }
  }

  /** From a file's place in the project to its template. */
  private Map<String, String> templates() {
    var own = language.option() + "/";
    var templates = new LinkedHashMap<String, String>();
    language.files().forEach(file -> templates.put(file, own + file));
    templates.put("Makefile", own + "Makefile");
    templates.put(".github/workflows/policy.yml", own + "ci.yml");
    templates.put(".gitignore", "common/gitignore");
    COMMON.forEach(file -> templates.put(file, "common/" + file));
    return templates;
  }

  private Path write(Path file, String template) {
    try (var in = PolicyProject.class.getResourceAsStream(ROOT + template)) {
      if (in == null) {
        throw new IllegalStateException("the program has no template " + template);
      }
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      var parent = file.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      return Files.writeString(file, text.replace(NAME, name));
    } catch (IOException e) {
      throw new CommandFailedException("cannot write the file " + file + ": " + e, e);
    }
  }
}

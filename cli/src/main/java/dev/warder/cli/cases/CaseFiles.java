package dev.warder.cli.cases;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds and reads the files of cases. */
public final class CaseFiles {
  private CaseFiles() {}

  /** All cases below a folder's {@code *.yaml}, or of one file, in the order of names and lines. */
  public static List<TestCase> read(Path place) throws CaseFileException {
    var cases = new ArrayList<TestCase>();
    for (var file : files(place)) {
      cases.addAll(new CaseFile(file).read(text(file)));
    }
    return cases;
  }

  /** Where a module is looked for that neither a case nor an option names. */
  public static Path usualModule(Path place) {
    var folder = Files.isDirectory(place) ? place : place.toAbsolutePath().getParent();
    return (folder == null ? place : folder).resolve("..").resolve("policy.wasm").normalize();
  }

  private static List<Path> files(Path place) throws CaseFileException {
    if (Files.isRegularFile(place)) {
      return List.of(place);
    }
    try (var entries = Files.list(place)) {
      var files = entries.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
      if (files.isEmpty()) {
        throw new CaseFileException(
            "there is no case in " + place + ": write one in a file like " + place + "/cases.yaml");
      }
      return files;
    } catch (IOException e) {
      throw new CaseFileException("cannot read the folder " + place + ": is it there?", e);
    }
  }

  static String text(Path file) throws CaseFileException {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new CaseFileException("cannot read the file " + file + ": is it there?", e);
    }
  }
}

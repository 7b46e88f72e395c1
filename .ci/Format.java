import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Checks ({@code --check}) or rewrites ({@code --write}) every Java file below a folder. */
final class Format {
  public static void main(String[] args) throws Exception {
    var write = args[0].equals("--write");
    var formatter =
        new Formatter(
            JavaFormatterOptions.builder().style(JavaFormatterOptions.Style.GOOGLE).build());
    var wrong = new ArrayList<Path>();
    for (var file : sources(Path.of(args[1]))) {
      var text = Files.readString(file);
      var formatted =
          formatter.formatSource(
              RemoveUnusedImports.removeUnusedImports(
                  ImportOrderer.reorderImports(text, JavaFormatterOptions.Style.GOOGLE)));
      if (formatted.equals(text)) {
        continue;
      }
      wrong.add(file);
      if (write) {
        Files.writeString(file, formatted);
      }
    }
    wrong.forEach(file -> System.err.println((write ? "formatted " : "not formatted: ") + file));
    if (!write && !wrong.isEmpty()) {
      System.err.println("Run: mvn -B -q -N validate exec:exec@format");
      System.exit(1);
    }
  }

  private static List<Path> sources(Path root) throws Exception {
    try (var files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.toString().contains("/target/"))
          .sorted()
          .toList();
    }
  }
}

package dev.warder.policy.fetch;

import dev.warder.policy.Outcome;
import dev.warder.policy.Reason;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Optional;

/** Folders as tar archives, without links, owners and times. */
final class TarFiles {
  private static final int MAX_FILES = 10_000;

  private TarFiles() {}

  static Outcome<Path> pack(Path folder, Path archive) {
    try (var out = new BufferedOutputStream(Files.newOutputStream(archive));
        var files = Files.walk(folder)) {
      for (var file : files.filter(path -> !path.equals(folder)).sorted().toList()) {
        write(folder.relativize(file).toString(), file, out);
      }
      out.write(new byte[2 * TarHeader.BLOCK]);
      return Outcome.done(archive);
    } catch (IOException e) {
      return LayoutTarget.failed(archive, e);
    }
  }

  private static void write(String name, Path file, OutputStream out) throws IOException {
    if (Files.isDirectory(file)) {
      out.write(new TarHeader(name + "/", true, 0).write());
      return;
    }
    var header = new TarHeader(name, false, Files.size(file));
    out.write(header.write());
    Files.copy(file, out);
    out.write(new byte[(int) header.padding()]);
  }

  static Outcome<Path> unpack(Path archive, Path folder, FetchLimits limits) {
    return LayoutTarget.emptyFolder(folder).then(empty -> unpackInto(empty, archive, limits));
  }

  private static Outcome<Path> unpackInto(Path folder, Path archive, FetchLimits limits) {
    try (var in = new BufferedInputStream(Files.newInputStream(archive))) {
      for (int files = 0; ; files++) {
        var header = header(in);
        if (header.isEmpty()) {
          return Outcome.done(folder);
        }
        if (files == MAX_FILES || header.get().size() > limits.maxModuleBytes()) {
          return Outcome.failed(
              Reason.ModuleTooLarge,
              archive
                  + " has more than "
                  + MAX_FILES
                  + " files, or one of more than "
                  + limits.maxModuleBytes()
                  + " bytes");
        }
        unpack(header.get(), in, folder);
      }
    } catch (IOException | InvalidPathException e) {
      return Outcome.failed(
          Reason.ModuleManifestInvalid,
          archive + " cannot be unpacked: " + e.getMessage() + "; save it anew");
    }
  }

  private static Optional<TarHeader> header(InputStream in) throws IOException {
    var block = in.readNBytes(TarHeader.BLOCK);
    if (block.length == 0) {
      return Optional.empty();
    }
    if (block.length < TarHeader.BLOCK) {
      throw new IOException("it is cut short");
    }
    return TarHeader.read(block);
  }

  private static void unpack(TarHeader header, InputStream in, Path folder) throws IOException {
    var name = Path.of(header.name());
    for (var part : name) {
      if (name.isAbsolute() || part.toString().equals("..")) {
        throw new IOException("the name \"" + header.name() + "\" leads out of the archive");
      }
    }
    var place = folder.resolve(name).normalize();
    if (header.folder()) {
      Files.createDirectories(place);
      return;
    }
    Files.createDirectories(place.resolveSibling("."));
    // No file is written twice, so that no later one can replace what was there.
    try (var out = Files.newOutputStream(place, StandardOpenOption.CREATE_NEW)) {
      var left = header.size();
      var piece = new byte[64 * 1024];
      while (left > 0) {
        var read = in.read(piece, 0, (int) Math.min(piece.length, left));
        if (read < 0) {
          throw new IOException("it is cut short");
        }
        out.write(piece, 0, read);
        left -= read;
      }
    }
    in.skipNBytes(header.padding());
  }

  static void deleteAll(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}

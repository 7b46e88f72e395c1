package dev.warder.policy.tuf;

import dev.warder.policy.Outcome;
import dev.warder.policy.fetch.RemoteFiles;
import dev.warder.policy.verify.UnverifiedException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** The files of a repository, of which nothing is believed. */
@FunctionalInterface
interface TufFiles {
  /** The file of that path, if there is one and it is not larger. */
  Optional<byte[]> read(String path, int maxBytes) throws UnverifiedException;

  static TufFiles of(Map<String, byte[]> files) {
    return (path, _) -> Optional.ofNullable(files.get(path));
  }

  /** Those below an address. */
  static TufFiles of(RemoteFiles remote, URI base) {
    var folder = base.toString().endsWith("/") ? base : URI.create(base + "/");
    return (path, maxBytes) ->
        switch (remote.get(folder.resolve(path), maxBytes)) {
          case Outcome.Done<Optional<byte[]>>(var found) -> found;
          case Outcome.Failed<Optional<byte[]>>(var failure) ->
              throw new UnverifiedException(failure.message());
        };
  }
}

package dev.warder.policy.wasi.store;

import dev.warder.policy.Outcome;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.testing.Outcomes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/** A process that uses a store, beside others that do the same. */
final class StoreWorker {
  static final int MODULES = 6;

  /** Room for about half of the programs. */
  static final long ROOM = 70_000;

  private StoreWorker() {}

  /** Folder, key file, seed, rounds; or folder, key file, a file to create when half is written. */
  public static void main(String[] args) throws Exception {
    var store = open(Path.of(args[0]), Path.of(args[1]));
    if (args.length == 3) {
      Outcomes.value(store.receive(module(0), sink -> hang(sink, Path.of(args[2]))));
      return;
    }
    var random = new Random(Long.parseLong(args[2]));
    for (int round = Integer.parseInt(args[3]); round > 0; round--) {
      var i = random.nextInt(MODULES);
      var found = random.nextInt(4) == 0 ? null : store.find(module(i)).orElse(null);
      try (var program =
          found != null
              ? found
              : Outcomes.value(store.receive(module(i), StoreFixture.source(blobs(i))))) {
        StoreFixture.check(program, blobs(i));
      }
    }
  }

  static DiskProgramStore open(Path directory, Path key) {
    return new DiskProgramStore(
        directory, ProgramStoreKey.fromFile(key), "test", ROOM, StoreFixture.LIMITS);
  }

  static Digest module(int i) {
    return Digest.of(new byte[] {(byte) i});
  }

  static Map<String, byte[]> blobs(int i) {
    var random = new Random(i);
    var blobs = new TreeMap<String, byte[]>();
    for (int blob = 0; blob < 20; blob++) {
      var bytes = new byte[random.nextInt(2_000)];
      random.nextBytes(bytes);
      blobs.put("blob" + blob, bytes);
    }
    return blobs;
  }

  private static Outcome<?> hang(BlobSink sink, Path tell) throws IOException {
    sink.put("half", new byte[1000]);
    Files.createFile(tell);
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Outcome.done("never");
  }
}

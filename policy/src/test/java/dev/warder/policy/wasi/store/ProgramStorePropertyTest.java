package dev.warder.policy.wasi.store;

import static dev.warder.policy.wasi.store.StoreFixture.LIMITS;
import static dev.warder.policy.wasi.store.StoreFixture.MODULE;
import static dev.warder.policy.wasi.store.StoreFixture.check;
import static dev.warder.policy.wasi.store.StoreFixture.file;
import static dev.warder.policy.wasi.store.StoreFixture.source;
import static dev.warder.policy.wasi.store.StoreFixture.store;

import dev.warder.policy.testing.Outcomes;
import java.nio.file.Files;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

final class ProgramStorePropertyTest {
  @Property(tries = 200)
  void keepsAnyProgram(
      @ForAll @Size(max = 40)
          Map<
                  @CharRange(to = '\ud7ff') @StringLength(min = 1, max = 12) String,
                  @Size(max = 300) byte[]>
              blobs)
      throws Exception {
    keeps(new MemoryProgramStore(LIMITS), blobs);
    var directory = Files.createTempDirectory("programs");
    try {
      keeps(store(directory), blobs);
    } finally {
      Files.deleteIfExists(file(directory, MODULE));
      Files.deleteIfExists(directory.resolve("programs"));
      Files.delete(directory);
    }
  }

  private static void keeps(ProgramStore store, Map<String, byte[]> blobs) throws Exception {
    try (var program = Outcomes.value(store.receive(MODULE, source(blobs)));
        var found = store.find(MODULE).orElseThrow()) {
      check(program, blobs);
      check(found, blobs);
    }
  }
}

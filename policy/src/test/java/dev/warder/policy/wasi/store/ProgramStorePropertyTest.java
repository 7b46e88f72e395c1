package dev.warder.policy.wasi.store;

import static dev.warder.policy.wasi.store.StoreFixture.LIMITS;
import static dev.warder.policy.wasi.store.StoreFixture.MODULE;
import static dev.warder.policy.wasi.store.StoreFixture.check;
import static dev.warder.policy.wasi.store.StoreFixture.file;
import static dev.warder.policy.wasi.store.StoreFixture.source;
import static dev.warder.policy.wasi.store.StoreFixture.store;

import dev.warder.policy.testing.Outcomes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

final class ProgramStorePropertyTest {
  @SuppressWarnings("NullAway.Init") // by jqwik
  private static Path directory;

  @BeforeContainer
  static void create() throws IOException {
    directory = Files.createTempDirectory("programs");
  }

  @AfterContainer
  static void remove() throws IOException {
    Files.deleteIfExists(file(directory, MODULE));
    Files.deleteIfExists(directory.resolve("programs"));
    Files.delete(directory);
  }

  @Property(tries = 200)
  void keepsAnyProgram(
      @ForAll @Size(max = 40)
          Map<
                  @CharRange(to = '\ud7ff') @StringLength(min = 1, max = 12) String,
                  @Size(max = 300) byte[]>
              blobs)
      throws Exception {
    keeps(store(directory), blobs);
    keeps(new MemoryProgramStore(LIMITS), blobs);
  }

  private static void keeps(ProgramStore store, Map<String, byte[]> blobs) throws Exception {
    try (var program = Outcomes.value(store.receive(MODULE, source(blobs)));
        var found = store.find(MODULE).orElseThrow()) {
      check(program, blobs);
      check(found, blobs);
    }
  }
}

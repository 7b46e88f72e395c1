package dev.warder.policy.wasi.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Outcome;
import dev.warder.policy.reference.Digest;
import dev.warder.policy.wasi.store.ProgramLimits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CompilerChildTest {
  @TempDir Path directory;

  @Test
  void answersEveryRequestAndEndsWithThem() throws Exception {
    var exits = new CopyOnWriteArrayList<Integer>();
    var reader = reader(serve(requests(), exits));
    for (int i = 0; i < 3; i++) {
      var expected = (byte) i;
      assertThat(reader.next())
          .isInstanceOfSatisfying(
              Answer.Blob.class, blob -> assertThat(blob.content()).containsExactly(expected));
      assertThat(reader.next()).isEqualTo(new Answer.Done());
    }
    assertThat(exits).containsExactly(0);
  }

  @Test
  void whateverItIsToldItEnds() throws Exception {
    var good = requests();
    var random = new Random(5);
    for (int i = 0; i < 2_000; i++) {
      var bytes = Arrays.copyOf(good, 1 + random.nextInt(good.length));
      for (int changes = random.nextInt(4); changes > 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      var exits = new CopyOnWriteArrayList<Integer>();
      serve(bytes, exits);
      assertThat(exits).as("seed 5, round %d", i).hasSize(1).isSubsetOf(0, 64);
    }
  }

  private static byte[] serve(byte[] requests, CopyOnWriteArrayList<Integer> exits)
      throws IOException {
    var answers = new ByteArrayOutputStream();
    CompilerChild.serve(
        new ByteArrayInputStream(requests),
        answers,
        (_, module, sink) -> {
          sink.put("module", module);
          return Outcome.done("compiled");
        },
        exits::add);
    return answers.toByteArray();
  }

  private byte[] requests() throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    for (int i = 0; i < 3; i++) {
      var module = new byte[] {(byte) i};
      var file = Files.write(directory.resolve("module" + i), module);
      new Request(Digest.of(module), module.length, file).writeTo(out);
    }
    return bytes.toByteArray();
  }

  private static AnswerReader reader(byte[] answers) {
    return new AnswerReader(
        new ByteArrayInputStream(answers), new ProgramLimits(10, 16, 1000, 5000));
  }
}

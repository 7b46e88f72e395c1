package dev.warder.policy.wasi.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.policy.Failure;
import dev.warder.policy.Reason;
import dev.warder.policy.wasi.store.ProgramLimits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AnswerReaderTest {
  private static final ProgramLimits LIMITS = new ProgramLimits(10, 16, 1000, 5000);
  private static final int ROUNDS = 200_000;

  @Test
  void readsAnAnswerAfterTheOther() throws Exception {
    var reader = reader(good());
    assertThat(reader.next())
        .isInstanceOfSatisfying(
            Answer.Blob.class,
            blob -> {
              assertThat(blob.name()).isEqualTo("a/é");
              assertThat(blob.content()).containsExactly(1, 2, 3);
            });
    assertThat(reader.next()).isInstanceOf(Answer.Blob.class);
    assertThat(reader.next()).isEqualTo(new Answer.Done());
    assertThat(reader.next())
        .isEqualTo(new Answer.Refused(new Failure(Reason.ModuleCompileFailed, "why")));
    assertThat(reader.next()).isEqualTo(new Answer.OutOfMemory());
    assertThatThrownBy(reader::next).isInstanceOf(EOFException.class);
  }

  @Test
  void everyTruncationEndsInAnEnd() throws IOException {
    var good = good();
    for (int length = 0; length < good.length; length++) {
      var reader = reader(Arrays.copyOf(good, length));
      assertThatThrownBy(() -> readAll(reader))
          .as("%d bytes", length)
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void anAnnouncedLengthCostsNoMemory() {
    var limits = new ProgramLimits(10, 16, Integer.MAX_VALUE, Long.MAX_VALUE);
    var bytes = ByteBuffer.allocate(12).putInt(Protocol.HELLO).put((byte) Protocol.BLOB);
    bytes.putShort((short) 1).put((byte) 'a').putInt(Integer.MAX_VALUE);
    var reader = new AnswerReader(new ByteArrayInputStream(bytes.array()), limits);
    assertThatThrownBy(reader::next).isInstanceOf(EOFException.class);
  }

  @Test
  void refusesWhatIsBeyondTheLimits() {
    garbled("a part has 1001 bytes, more than 1000", "B", (short) 1, "a", 1001);
    garbled("a part has 4294967295 bytes, more than 1000", "B", (short) 1, "a", -1);
    garbled("the name of a part has 17 bytes, more than 16", "B", (short) 17, "a".repeat(17));
    garbled("the name of a reason has 65535 bytes, more than 64", "F", (short) -1);
    garbled("a message has 8193 bytes", "F", (short) 13, "InternalError", (short) 8193);
  }

  @Test
  void refusesWhatDoesNotAddUp() {
    garbled("it sent 0 parts of 0 bytes and speaks of 1 of 0", "D", 1, 0L);
    garbled("it sent 0 parts of 0 bytes and speaks of 0 of 5", "D", 0, 5L);
    garbled("it gave an unknown reason", "F", (short) 4, "None", (short) 0);
    garbled("it gave an unknown reason", "F", (short) 14, "PolicyEnforced", (short) 0);
    garbled("it sent a frame of kind 0x3f", "?");
  }

  @Test
  void refusesAnotherBeginning() {
    assertThatThrownBy(() -> reader("Error: no main class".getBytes(StandardCharsets.UTF_8)).next())
        .isInstanceOf(GarbledException.class)
        .hasMessage("it began with 0x4572726f");
  }

  @Test
  void anyBytesEndInAnAnswerOrARefusal() throws IOException {
    var good = good();
    var random = new Random(3);
    for (int i = 0; i < ROUNDS; i++) {
      var bytes = Arrays.copyOf(good, 1 + random.nextInt(good.length));
      for (int changes = random.nextInt(4); changes > 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      if (i % 2 == 0) {
        random.nextBytes(bytes);
        if (bytes.length > 4) {
          ByteBuffer.wrap(bytes).putInt(Protocol.HELLO);
          bytes[4] = (byte) "BDFM".charAt(random.nextInt(4));
        }
      }
      try {
        readAll(reader(bytes));
        throw new AssertionError("nothing ends such a stream");
      } catch (IOException | GarbledException expected) {
        assertThat(expected.getMessage()).isNotEqualTo("");
      }
    }
  }

  private static void readAll(AnswerReader reader) throws IOException, GarbledException {
    while (true) {
      reader.next();
    }
  }

  private static AnswerReader reader(byte[] bytes) {
    return new AnswerReader(new ByteArrayInputStream(bytes), LIMITS);
  }

  private static void garbled(String message, Object... pieces) {
    assertThatThrownBy(() -> reader(bytes(pieces)).next())
        .isInstanceOf(GarbledException.class)
        .hasMessageContaining(message);
  }

  private static byte[] bytes(Object... pieces) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeInt(Protocol.HELLO);
    for (var piece : pieces) {
      switch (piece) {
        case Short number -> out.writeShort(number);
        case Integer number -> out.writeInt(number);
        case Long number -> out.writeLong(number);
        default -> out.writeBytes(piece.toString());
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] good() throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeInt(Protocol.HELLO);
    var blobs = new BlobWriter(out);
    blobs.put("a/é", new byte[] {1, 2, 3});
    blobs.put("b", new byte[50]);
    blobs.end();
    out.writeByte(Protocol.FAILED);
    Frames.writeText(out, "ModuleCompileFailed", 64);
    Frames.writeText(out, "why", 64);
    out.writeByte(Protocol.OUT_OF_MEMORY);
    return bytes.toByteArray();
  }
}

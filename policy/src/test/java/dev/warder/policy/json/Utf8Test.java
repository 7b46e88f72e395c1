package dev.warder.policy.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class Utf8Test {
  @Test
  void aReplacementCharacterIsACharacterLikeOthers() {
    var text = "a\uFFFDb";

    assertThat(Utf8.decode(text.getBytes(StandardCharsets.UTF_8))).contains(text);
  }

  @Test
  void whatIsNotUtf8IsNotReplaced() {
    assertThat(Utf8.decode(new byte[] {'a', (byte) 0xff})).isEmpty();
    assertThat(Utf8.decode(new byte[] {(byte) 0xc0, (byte) 0x80})).isEmpty();
    assertThat(Utf8.decode(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80})).isEmpty();
    assertThat(Utf8.decode(new byte[] {(byte) 0xe2, (byte) 0x82})).isEmpty();
  }
}

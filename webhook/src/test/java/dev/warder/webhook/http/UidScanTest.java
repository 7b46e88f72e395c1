package dev.warder.webhook.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UidScanTest {
  @Test
  void findsItBehindOtherMembersAndInACutBody() {
    var cut =
        "{\"kind\":\"x\",\"z\":{\"uid\":\"no\"},\"request\":{\"a\":[{}],\"uid\":\"u-1\",\"obj";

    assertThat(UidScan.find(cut.getBytes(UTF_8))).contains("u-1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"uid\":\"u\"}",
        "{\"request\":1}",
        "{\"request\":{}}",
        "{\"request\":{\"uid\":7}}",
        "{\"request\":{\"a\":",
        "{\"request\":{\"uid\":\"cut"
      })
  void findsNothingWhereThereIsNone(String json) {
    assertThat(UidScan.find(json.getBytes(UTF_8))).isEmpty();
  }

  @Property
  void takesAnyBytesWithoutFailing(@ForAll byte[] bytes) {
    assertThat(UidScan.find(bytes)).isNotNull();
  }
}

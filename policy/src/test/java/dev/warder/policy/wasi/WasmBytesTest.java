package dev.warder.policy.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WasmBytesTest {
  static final byte[] EMPTY_MODULE = {0, 'a', 's', 'm', 1, 0, 0, 0};

  @Test
  void onlyACoreModuleBeginsLikeOne() {
    assertThat(WasmBytes.isCoreModule(EMPTY_MODULE)).isTrue();
    assertThat(WasmBytes.isCoreModule(new byte[] {0, 'a', 's', 'm', 13, 0, 1, 0})).isFalse();
    assertThat(WasmBytes.isCoreModule(new byte[] {0, 'a', 's', 'm', 1, 0, 0})).isFalse();
    assertThat(WasmBytes.isCoreModule(new byte[0])).isFalse();
  }
}

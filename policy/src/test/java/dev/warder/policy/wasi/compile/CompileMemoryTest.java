package dev.warder.policy.wasi.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class CompileMemoryTest {
  private static final long MIB = 1 << 20;

  @Test
  void growsWithTheModuleUpToTheCeiling() {
    var memory = new CompileMemory(64 * MIB, 40, 512 * MIB);
    assertThat(memory.forModule(0)).isEqualTo(64 * MIB);
    assertThat(memory.forModule(MIB)).isEqualTo(104 * MIB);
    assertThat(memory.forModule(12 * MIB)).isEqualTo(512 * MIB);
    assertThat(memory.forModule(Long.MAX_VALUE)).isEqualTo(512 * MIB);
    assertThat(new CompileMemory(64 * MIB, 0, 64 * MIB).forModule(Long.MAX_VALUE))
        .isEqualTo(64 * MIB);
  }

  @Test
  void refusesWhatNoProcessCanHave() {
    assertThatThrownBy(() -> new CompileMemory(MIB, 1, 64 * MIB))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new CompileMemory(64 * MIB, 1, 32 * MIB))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

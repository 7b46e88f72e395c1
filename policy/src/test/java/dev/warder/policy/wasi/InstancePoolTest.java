package dev.warder.policy.wasi;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import dev.warder.policy.wasi.machine.BlockSharing;
import dev.warder.policy.wasi.machine.Image;
import dev.warder.policy.wasi.machine.LinearMemory;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InstancePoolTest {
  private static final int PAGES = 16;
  private static final long ONE = PAGES * 65_536L + (1 << 17);

  private final InstancePool pool = new InstancePool(3 * ONE);

  @Test
  void anInstanceGoesOnlyToWhomItsImageIs() {
    var mine = image();
    var instance = instance(PAGES);
    pool.give(mine, instance);
    assertThat(pool.take(image())).isNull();
    assertThat(pool.take(mine)).isSameAs(instance);
    assertThat(pool.take(mine)).isNull();
    assertThat(pool.bytes()).isZero();
  }

  @Test
  void theOneThatWaitedLongestGivesWay() {
    var images = List.of(image(), image(), image(), image());
    images.forEach(image -> pool.give(image, instance(PAGES)));
    assertThat(pool.bytes()).isLessThanOrEqualTo(3 * ONE);
    assertThat(pool.take(images.get(0))).isNull();
    assertThat(pool.take(images.get(1))).isNotNull();
    assertThat(pool.take(images.get(3))).isNotNull();
  }

  @Test
  void whoWaitedLongEnoughIsLetGo() {
    var image = image();
    pool.give(image, instance(PAGES));

    assertThat(pool.dropIdle(Duration.ofHours(1))).isZero();
    assertThat(pool.dropIdle(Duration.ZERO)).isEqualTo(pool.bytes() + heldByOne());
    assertThat(pool.bytes()).isZero();
    assertThat(pool.take(image)).isNull();
  }

  private static long heldByOne() {
    return requireNonNull(instance(PAGES).live().memory()).heldBytes() + (64 << 10);
  }

  @Test
  void anInstanceThatGrewMuchIsNotKept() {
    var image = image();
    var grown = instance(PAGES);
    requireNonNull(grown.live().memory()).grow(500);
    pool.give(image, grown);
    assertThat(pool.take(image)).isNull();
  }

  private static Image image() {
    return Image.of(PAGES, new byte[0], new long[0], new BlockSharing());
  }

  private static PooledInstance instance(int pages) {
    var none = Instance.builder(Parser.parse(WasmBytesTest.EMPTY_MODULE)).build();
    var memory = new LinearMemory(new MemoryLimits(pages, 32_767), 32_767);
    return new PooledInstance(new LiveInstance(none, memory, List.of()), new GuestSlot());
  }
}

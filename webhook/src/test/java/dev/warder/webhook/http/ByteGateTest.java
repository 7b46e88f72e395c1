package dev.warder.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ByteGateTest {
  private final ByteGate gate = new ByteGate(100);

  @Test
  void holdsNoMoreThanItsCapacity() {
    var first = gate.lease();
    var second = gate.lease();

    assertThat(first.grow(60)).isTrue();
    assertThat(second.grow(41)).isFalse();
    assertThat(second.grow(40)).isTrue();
    assertThat(gate.held()).isEqualTo(100);
  }

  @Test
  void givesBackOnceHoweverOftenALeaseIsClosed() {
    var lease = gate.lease();
    var other = gate.lease();
    lease.grow(50);
    other.grow(10);

    lease.close();
    lease.close();

    assertThat(gate.held()).isEqualTo(10);
  }
}

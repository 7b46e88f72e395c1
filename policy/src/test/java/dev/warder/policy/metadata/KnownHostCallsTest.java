package dev.warder.policy.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.host.HostOperation;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class KnownHostCallsTest {
  @Test
  void whatMetadataMayDeclareIsWhatCanBeCalled() {
    assertThat(HostCapabilities.ALL)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(HostOperation.values())
                .filter(one -> one != HostOperation.LOG)
                .map(HostOperation::path)
                .toList());
  }
}

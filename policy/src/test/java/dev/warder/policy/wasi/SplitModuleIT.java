package dev.warder.policy.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.wasi.golang.SplitModule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real modules of which nearly every function is split answer as they do whole. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SplitModuleIT {
  private final Guests guests = new Guests();

  @AfterAll
  void close() {
    guests.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"required-labels", "pod-defaults"})
  void answersAlike(String sample) {
    var module = Modules.sample(sample);
    var split = SplitModule.of(module, 512, 256);
    assertThat(split).isNotEqualTo(module);
    var whole = guests.compiled(module).direct("to compare with");
    var parts = guests.compiled(split);

    for (var input : inputs(sample)) {
      for (var command : Command.values()) {
        var expected = guests.run(whole, command, input, Guests.AMPLE);
        assertThat(guests.run(parts, command, input, Guests.AMPLE))
            .usingRecursiveComparison()
            .isEqualTo(expected);
      }
    }
  }

  private static List<byte[]> inputs(String sample) {
    var inputs = new ArrayList<byte[]>();
    inputs.add(Modules.settings(sample, "good"));
    inputs.add(Modules.settings(sample, "bad"));
    inputs.add(Modules.input(sample, "accept"));
    inputs.add(Modules.utf8("{\"request\":{\"object\":{\"metadata\":{\"labels\":{\"a\":1e3}}}}}"));
    inputs.add(Modules.utf8("[1,2,"));
    inputs.add(Modules.utf8("\"" + "ü".repeat(100_000) + "\""));
    inputs.add(new byte[0]);
    return inputs;
  }
}

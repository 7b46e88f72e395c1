package dev.warder.policy.metadata;

import dev.warder.policy.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Guesses which host calls a module makes from the texts in its data. Compilers put texts next to
 * each other without a mark between them, so all that can be asked is whether one occurs.
 */
final class CapabilityScan {
  private static final int DATA = 11;

  private final List<byte[]> data;

  private CapabilityScan(List<byte[]> data) {
    this.data = data;
  }

  /** The host calls whose namespace and operation both occur. */
  static Outcome<Set<String>> of(byte[] module) {
    return WasmSections.of(module)
        .map(
            sections ->
                new CapabilityScan(
                        sections.stream()
                            .filter(section -> section.id() == DATA)
                            .map(s -> Arrays.copyOfRange(module, s.content(), s.end()))
                            .toList())
                    .found());
  }

  private Set<String> found() {
    var found = new LinkedHashSet<String>();
    for (var capability : HostCapabilities.ALL) {
      var slash = capability.indexOf('/');
      if (has(capability.substring(0, slash), "") && has(capability.substring(slash + 1))) {
        found.add(capability);
      }
    }
    return found;
  }

  /** Whether the operation occurs elsewhere than at the beginning of a longer one. */
  private boolean has(String operation) {
    return HostCapabilities.ALL.stream()
        .map(known -> known.substring(known.indexOf('/') + 1))
        .filter(known -> known.length() > operation.length() && known.startsWith(operation))
        .findFirst()
        .map(longer -> has(operation, longer.substring(operation.length())))
        .orElseGet(() -> has(operation, ""));
  }

  private boolean has(String text, String notBefore) {
    var wanted = text.getBytes(StandardCharsets.UTF_8);
    var unwanted = notBefore.getBytes(StandardCharsets.UTF_8);
    return data.stream().anyMatch(bytes -> occurs(bytes, wanted, unwanted));
  }

  private static boolean occurs(byte[] bytes, byte[] wanted, byte[] notBefore) {
    for (int at = 0; at <= bytes.length - wanted.length; at++) {
      if (matches(bytes, at, wanted)
          && (notBefore.length == 0 || !matches(bytes, at + wanted.length, notBefore))) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(byte[] bytes, int at, byte[] text) {
    return at + text.length <= bytes.length
        && Arrays.equals(bytes, at, at + text.length, text, 0, text.length);
  }
}

package dev.warder.policy.wasi;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.dylibso.chicory.wasm.types.MemoryLimits;
import dev.warder.policy.wasi.machine.LinearMemory;

/** The host functions against a memory of one page, called as a guest calls them. */
final class TestHost {
  static final String WASI = "wasi_snapshot_preview1";
  static final int PAGE = 65_536;

  final HostFunctions functions = new HostFunctions();
  final GuestMemory memory = new GuestMemory(new LinearMemory(new MemoryLimits(1, 1), 1));
  final Guest guest;

  TestHost(String stdin, EvaluationBudget budget) {
    this(stdin, budget, HostCallGate.closed());
  }

  TestHost(String stdin, EvaluationBudget budget, HostCallGate gate) {
    guest =
        new Guest(Command.VALIDATE, Modules.utf8(stdin), budget, new Deadline(budget.time()), gate);
    guest.attach(memory);
  }

  int wasi(String field, long... args) {
    return call(WASI, field, args);
  }

  int call(String module, String field, long... args) {
    var function = function(module, field);
    assertThat(args).as(field).hasSize(function.type().params().size());
    return function.body().call(guest, args);
  }

  HostFunction function(String module, String field) {
    return requireNonNull(functions.find(module, field), module + "." + field);
  }

  /** Writes an iovec. */
  void vector(int at, int address, int length) {
    memory.writeInt(at, address);
    memory.writeInt(at + Integer.BYTES, length);
  }

  int put(int at, String text) {
    var bytes = Modules.utf8(text);
    memory.write(at, bytes);
    return bytes.length;
  }

  String text(int at, int length) {
    return Modules.text(memory.read(at, length));
  }

  String stdout() {
    return Modules.text(guest.descriptors().stdout().bytes());
  }
}

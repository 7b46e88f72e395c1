package dev.warder.policy.wasi;

import com.dylibso.chicory.runtime.WasmFunctionHandle;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.ValType;
import java.util.List;

/** One function that a module may import. */
record HostFunction(FunctionType type, Body body) {
  private static final long[] NOTHING = {};

  /** Parameters arrive as Chicory passes them: one long each, i32 in the low half. */
  @FunctionalInterface
  interface Body {
    int call(Guest guest, long[] args);
  }

  /**
   * A function that returns an i32.
   *
   * @param parameters one letter each: {@code i} for i32, {@code l} for i64
   */
  static HostFunction of(String parameters, Body body) {
    return new HostFunction(FunctionType.of(types(parameters), List.of(ValType.I32)), body);
  }

  /** A function that never returns. */
  static HostFunction ending(String parameters, Body body) {
    return new HostFunction(FunctionType.of(types(parameters), List.of()), body);
  }

  /** A function that answers the same whatever it is given. */
  static HostFunction answering(String parameters, int errno) {
    return of(parameters, (guest, args) -> errno);
  }

  /** The function as Chicory calls it, for whoever is in the slot then. */
  WasmFunctionHandle boundTo(GuestSlot slot) {
    var returnsNothing = type.returns().isEmpty();
    return (instance, args) -> {
      var result = body.call(slot.get(), args);
      return returnsNothing ? NOTHING : new long[] {result};
    };
  }

  private static List<ValType> types(String parameters) {
    return parameters.chars().mapToObj(c -> c == 'l' ? ValType.I64 : ValType.I32).toList();
  }
}

package dev.warder.policy.wasi;

import com.dylibso.chicory.runtime.ImportFunction;
import com.dylibso.chicory.runtime.ImportValues;
import java.util.List;

/** A function that a module imports and Warder provides. */
record ModuleImport(String module, String field, HostFunction function) {
  /** The functions as Chicory wants them, for whoever is in the slot when they are called. */
  static ImportValues bound(List<ModuleImport> imports, GuestSlot slot) {
    var values = ImportValues.builder();
    for (var wanted : imports) {
      var function = wanted.function();
      values.addFunction(
          new ImportFunction(
              wanted.module(), wanted.field(), function.type(), function.boundTo(slot)));
    }
    return values.build();
  }
}

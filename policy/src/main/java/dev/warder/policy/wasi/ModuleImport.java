package dev.warder.policy.wasi;

/** A function that a module imports and Warder provides. */
record ModuleImport(String module, String field, HostFunction function) {}

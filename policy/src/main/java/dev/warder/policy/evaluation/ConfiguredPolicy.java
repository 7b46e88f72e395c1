package dev.warder.policy.evaluation;

/** A policy whose own check took the settings. */
record ConfiguredPolicy(CompiledPolicy policy, PolicySettings settings) {}

package dev.warder.policy.evaluation;

/** A policy whose own check took the settings. */
record ConfiguredPolicy(ConnectedPolicy policy, PolicySettings settings) {}

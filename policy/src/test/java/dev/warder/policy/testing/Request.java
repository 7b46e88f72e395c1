package dev.warder.policy.testing;

import java.util.Map;

/** A request as a {@link LoopbackServer} read it; header names are lower-case. */
public record Request(String method, String path, Map<String, String> headers) {}

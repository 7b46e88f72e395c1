package dev.warder.policy.verify;

import java.util.Map;
import java.util.Optional;

/**
 * What a signature says of the manifest besides its digest.
 *
 * @param repository that the manifest was signed in, where the format tells it
 */
record Claims(Map<String, String> annotations, Optional<String> repository) {}

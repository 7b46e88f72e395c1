package dev.warder.operator.policyserver;

import dev.warder.policy.Failure;
import java.util.Optional;

/**
 * What holds for modules now.
 *
 * @param settings the last that could be used
 * @param unusable why the present ones cannot be used; until then no module is accepted
 */
public record Trust(InstanceSettings settings, Optional<Failure> unusable) {}

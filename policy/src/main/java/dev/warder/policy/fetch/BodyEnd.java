package dev.warder.policy.fetch;

/**
 * How a body ended that did not break off.
 *
 * @param delivered whether it is in the sink
 * @param size what the sink has; 0 if it was not delivered
 */
record BodyEnd(boolean delivered, long size) {
  static final BodyEnd IGNORED = new BodyEnd(false, 0);
}

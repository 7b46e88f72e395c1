package dev.warder.webhook.registry;

/** Why a policy that is known judges nothing. */
public sealed interface Unserved {
  /** It is being fetched, compiled and tried for the first time. */
  record Preparing() implements Unserved {}

  /**
   * It could not be prepared; every request is refused.
   *
   * @param message what requests are told
   */
  record Refused(String message) implements Unserved {}

  /**
   * It was served and may judge no more; the API server does as the policy's failurePolicy says.
   *
   * @param message what the API server is told
   */
  record Suspended(String message) implements Unserved {}
}

package dev.warder.cli.serve;

import dev.warder.policy.Failure;
import java.time.Duration;
import java.util.Optional;

/**
 * What has become of one entry of the file.
 *
 * @param mode empty if the entry could not be read that far, as is the module
 * @param time that its preparation took; zero if none was needed
 * @param failure why it is not served as it is in the file
 */
public record PolicyReport(
    String id,
    State state,
    Optional<String> mode,
    Optional<String> module,
    Duration time,
    Optional<Failure> failure) {

  PolicyReport with(State other, Failure why) {
    return new PolicyReport(id, other, mode, module, time, Optional.of(why));
  }

  /** Which form of a policy judges requests. */
  public enum State {
    /** That of the file. */
    SERVED,
    /** That of the file, though its module no longer passes verification, or nobody knows. */
    UNVERIFIED,
    /** None, as its module no longer passes verification; the webhook's failurePolicy decides. */
    SUSPENDED,
    /** The one before it, as that of the file failed. */
    FORMER,
    /** None: requests are refused with the reason. */
    FAILED
  }
}

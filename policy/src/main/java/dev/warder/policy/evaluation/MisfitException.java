package dev.warder.policy.evaluation;

/** A JSON document whose members are not as the contract has them. */
final class MisfitException extends UnexpectedJsonException {
  private static final long serialVersionUID = 1L;

  MisfitException(String reason) {
    super(reason);
  }
}

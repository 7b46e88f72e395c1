package dev.warder.policy.json;

/** A JSON document whose members are not as the contract has them. */
public final class MisfitException extends UnexpectedJsonException {
  private static final long serialVersionUID = 1L;

  public MisfitException(String reason) {
    super(reason);
  }
}

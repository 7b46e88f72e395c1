package dev.warder.policy.verify;

/** Something does not prove what it should; the message says what and why, and never a secret. */
public final class UnverifiedException extends Exception {
  private static final long serialVersionUID = 1L;

  public UnverifiedException(String why) {
    super(why, null, false, false);
  }

  /** Why, in words that go on after "because" or a colon. */
  public String why() {
    return String.valueOf(getMessage());
  }

  public static void require(boolean proven, String why) throws UnverifiedException {
    if (!proven) {
      throw new UnverifiedException(why);
    }
  }
}

package dev.warder.policy.wasi;

/** What a policy is asked to do: its first command line argument. */
public enum Command {
  VALIDATE("validate"),
  VALIDATE_SETTINGS("validate-settings");

  private final String argument;

  Command(String argument) {
    this.argument = argument;
  }

  public String argument() {
    return argument;
  }
}

package dev.warder.policy.fetch;

/** What a registry takes as proof of who asks. No text form of one shows the secret. */
public sealed interface Credential {
  /** A user and a password; some registries take a token in the place of the user. */
  record Basic(String user, String password) implements Credential {
    @Override
    public String toString() {
      return "Basic[(hidden)]";
    }
  }

  /** A refresh token, for which the registry's token service gives tokens of one repository. */
  record IdentityToken(String token) implements Credential {
    @Override
    public String toString() {
      return "IdentityToken[(hidden)]";
    }
  }

  /** A bearer token that is sent to the registry as it is. */
  record RegistryToken(String bearer) implements Credential {
    @Override
    public String toString() {
      return "RegistryToken[(hidden)]";
    }
  }
}

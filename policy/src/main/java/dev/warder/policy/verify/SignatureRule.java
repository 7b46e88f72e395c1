package dev.warder.policy.verify;

import dev.warder.policy.reference.Digest;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One entry of a verification config: a signature that there must be. */
sealed interface SignatureRule {
  /** All of it, under the names of the file; equal rules give equal members. */
  SortedMap<String, String> members();

  /** That the signed payload must have. */
  SortedMap<String, String> annotations();

  /** Its kind in the file. */
  String kind();

  /** The rule as messages and the status name it. */
  default String text() {
    return members().entrySet().stream()
        .map(member -> " " + member.getKey() + "=" + member.getValue())
        .collect(Collectors.joining("", kind(), ""));
  }

  /** A key. */
  record PubKey(VerifierKey key, Optional<String> owner, SortedMap<String, String> annotations)
      implements SignatureRule {
    @Override
    public String kind() {
      return "pubKey";
    }

    @Override
    public SortedMap<String, String> members() {
      return of(annotations, "key", key.fingerprint().toString(), "owner", owner.orElse(""));
    }
  }

  /**
   * A certificate that whoever asks has brought along.
   *
   * @param issuers that it must lead over; empty if it is trusted as it is
   * @param needsEntry whether a log must tell that it was used while it was valid
   */
  record Certified(
      X509Certificate certificate,
      VerifierKey key,
      List<X509Certificate> issuers,
      boolean needsEntry,
      SortedMap<String, String> annotations)
      implements SignatureRule {
    @Override
    public String kind() {
      return "certificate";
    }

    @Override
    public SortedMap<String, String> members() {
      var chain = new StringBuilder();
      issuers.forEach(issuer -> chain.append(Digest.of(Certificates.der(issuer).array())));
      var members =
          of(
              annotations,
              "certificate",
              Digest.of(Certificates.der(certificate).array()).toString(),
              "chain",
              chain.toString());
      members.put("requireEntry", Boolean.toString(needsEntry));
      return members;
    }
  }

  /** A rule for the certificates of Fulcio. */
  sealed interface Keyless extends SignatureRule {
    /** Whether it is this identity that the rule asks for; all texts are taken literally. */
    boolean names(CertificateIdentity identity);
  }

  /** Any issuer of identities. */
  record GenericIssuer(String issuer, Subject subject, SortedMap<String, String> annotations)
      implements Keyless {
    @Override
    public String kind() {
      return "genericIssuer";
    }

    @Override
    public boolean names(CertificateIdentity identity) {
      return identity.issuer().equals(issuer) && subject.names(identity);
    }

    @Override
    public SortedMap<String, String> members() {
      return switch (subject) {
        case Subject.Equal(var value) -> of(annotations, "issuer", issuer, "equal", value);
        case Subject.UrlPrefix(var prefix) ->
            of(annotations, "issuer", issuer, "urlPrefix", prefix);
      };
    }
  }

  /** The subject that a generic issuer certifies. */
  sealed interface Subject {
    boolean names(CertificateIdentity identity);

    /** Exactly this one. */
    record Equal(String value) implements Subject {
      @Override
      public boolean names(CertificateIdentity identity) {
        return identity.subject().equals(value);
      }
    }

    /** All URLs below this one, which ends in a slash. */
    record UrlPrefix(String prefix) implements Subject {
      @Override
      public boolean names(CertificateIdentity identity) {
        return identity.isUri() && identity.subject().startsWith(prefix);
      }
    }
  }

  /** A workflow of GitHub. */
  record GithubAction(String owner, Optional<String> repo, SortedMap<String, String> annotations)
      implements Keyless {
    private static final String ISSUER = "https://token.actions.githubusercontent.com";
    private static final String GITHUB = "https://github.com/";

    @Override
    public String kind() {
      return "githubAction";
    }

    /**
     * The subject is the workflow's file, which may be a reusable one in another repository of the
     * owner; the repository that ran it is told by an extension of the certificate.
     */
    @Override
    public boolean names(CertificateIdentity identity) {
      return identity.issuer().equals(ISSUER)
          && identity.isUri()
          && hasRepository(identity.subject())
          && identity
              .repository()
              .filter(
                  name ->
                      repo.map(wanted -> name.equals(owner + "/" + wanted)).orElse(isOwners(name)))
              .isPresent();
    }

    private boolean hasRepository(String subject) {
      var prefix = GITHUB + owner + "/";
      return subject.startsWith(prefix) && subject.indexOf('/', prefix.length()) > prefix.length();
    }

    private boolean isOwners(String repository) {
      return repository.startsWith(owner + "/") && repository.length() > owner.length() + 1;
    }

    @Override
    public SortedMap<String, String> members() {
      return of(annotations, "owner", owner, "repo", repo.orElse(""));
    }
  }

  private static SortedMap<String, String> of(
      Map<String, String> annotations, String name, String value, String other, String second) {
    var members = new TreeMap<String, String>();
    members.put(name, value);
    if (!second.isEmpty()) {
      members.put(other, second);
    }
    annotations.forEach((key, wanted) -> members.put("annotations." + key, wanted));
    return members;
  }
}

package dev.warder.policy.verify;

import static dev.warder.policy.verify.UnverifiedException.require;

import dev.warder.policy.verify.SignatureRule.GenericIssuer;
import dev.warder.policy.verify.SignatureRule.GithubAction;
import dev.warder.policy.verify.SignatureRule.PubKey;
import dev.warder.policy.verify.SignatureRule.Subject;
import dev.warder.policy.verify.VerificationConfig.AnyOf;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads Kubewarden's verification config, and refuses what Kubewarden overlooks. */
final class VerificationConfigParser {
  private static final int MAX_RULES = 100;
  private static final int MAX_ANNOTATIONS = 50;

  /** What a u8 holds. */
  private static final int MAX_MATCHES = 255;

  private static final Pattern GITHUB_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,100}");

  /** Payloads have these for other ends; no signature could ever match. */
  private static final Set<String> NO_ANNOTATIONS = Set.of("creator", "timestamp");

  private VerificationConfigParser() {}

  static VerificationConfig parse(String yaml) throws UnverifiedException {
    var config = YamlObject.read(yaml);
    config.requireOnly("apiVersion", "allOf", "anyOf");
    var version = config.optionalText("apiVersion");
    require(
        version.isEmpty() || version.get().equals("v1"),
        "apiVersion is not v1, which is not a supported configuration version");
    var allOf = rules(config.objects("allOf", MAX_RULES));
    var anyOf = anyOf(config);
    require(!allOf.isEmpty() || anyOf.isPresent(), "allOf and anyOf are both missing or empty");
    return new VerificationConfig(allOf, anyOf);
  }

  private static Optional<AnyOf> anyOf(YamlObject config) throws UnverifiedException {
    var anyOf = config.optionalObject("anyOf");
    if (anyOf.isEmpty()) {
      return Optional.empty();
    }
    var some = anyOf.get();
    some.requireOnly("minimumMatches", "signatures");
    var rules = rules(some.objects("signatures", MAX_RULES));
    var minimum = some.number("minimumMatches", 1);
    require(!rules.isEmpty(), "anyOf.signatures is missing or empty");
    require(
        minimum >= 1 && minimum <= Math.min(rules.size(), MAX_MATCHES),
        "anyOf.minimumMatches is %d, but there are %d signatures to match"
            .formatted(minimum, rules.size()));
    return Optional.of(new AnyOf(minimum, rules));
  }

  private static List<SignatureRule> rules(List<YamlObject> objects) throws UnverifiedException {
    var rules = new ArrayList<SignatureRule>();
    for (var object : objects) {
      rules.add(rule(object));
    }
    return List.copyOf(rules);
  }

  private static SignatureRule rule(YamlObject rule) throws UnverifiedException {
    var kind = rule.text("kind");
    return switch (kind) {
      case "pubKey" -> pubKey(rule);
      case "genericIssuer" -> genericIssuer(rule);
      case "githubAction" -> githubAction(rule);
      default ->
          throw new UnverifiedException(
              rule.at("kind") + " is none of pubKey, genericIssuer, githubAction");
    };
  }

  private static PubKey pubKey(YamlObject rule) throws UnverifiedException {
    rule.requireOnly("kind", "key", "owner", "annotations");
    var key =
        Pem.decode(rule.lines("key"), "PUBLIC KEY")
            .flatMap(VerifierKey::ofDer)
            .orElseThrow(
                () ->
                    new UnverifiedException(
                        rule.at("key")
                            + " is no public key in PEM (RSA of 2048 bits or more, ECDSA on P-256 or"
                            + " P-384, Ed25519)"));
    return new PubKey(key, rule.optionalText("owner"), annotations(rule));
  }

  private static GenericIssuer genericIssuer(YamlObject rule) throws UnverifiedException {
    rule.requireOnly("kind", "issuer", "subject", "annotations");
    var subject =
        rule.optionalObject("subject")
            .orElseThrow(() -> new UnverifiedException(rule.at("subject") + " is missing"));
    subject.requireOnly("equal", "urlPrefix");
    var equal = subject.optionalText("equal");
    var prefix = subject.optionalText("urlPrefix");
    require(
        equal.isPresent() != prefix.isPresent(),
        rule.at("subject") + " must have either equal or urlPrefix");
    return new GenericIssuer(
        rule.text("issuer"),
        equal.isPresent()
            ? new Subject.Equal(equal.get())
            : new Subject.UrlPrefix(urlPrefix(subject.at("urlPrefix"), prefix.orElseThrow())),
        annotations(rule));
  }

  /** Ends in a slash, so that nothing that only begins with the same letters is below it. */
  static String urlPrefix(String name, String text) throws UnverifiedException {
    try {
      var uri = new URI(text);
      require(
          uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null
              && uri.normalize().equals(uri),
          name + " is no URL with a host and at most a path");
      return text.endsWith("/") ? text : text + "/";
    } catch (URISyntaxException _) {
      throw new UnverifiedException(name + " is no URL");
    }
  }

  private static GithubAction githubAction(YamlObject rule) throws UnverifiedException {
    rule.requireOnly("kind", "owner", "repo", "annotations");
    var repo = rule.optionalText("repo");
    require(isGithubName(rule.text("owner")), rule.at("owner") + " is no name of a GitHub owner");
    require(
        repo.map(VerificationConfigParser::isGithubName).orElse(true),
        rule.at("repo") + " is no name of a GitHub repository (without its owner)");
    return new GithubAction(rule.text("owner"), repo, annotations(rule));
  }

  static boolean isGithubName(String text) {
    return GITHUB_NAME.matcher(text).matches();
  }

  private static SortedMap<String, String> annotations(YamlObject rule) throws UnverifiedException {
    var annotations = new TreeMap<String, String>();
    var object = rule.optionalObject("annotations");
    if (object.isPresent()) {
      require(
          object.get().members().size() <= MAX_ANNOTATIONS,
          rule.at("annotations") + " has more than " + MAX_ANNOTATIONS + " members");
      for (var name : object.get().members().keySet()) {
        require(
            !NO_ANNOTATIONS.contains(name),
            object.get().at(name)
                + " can match no signature: creator and timestamp are not compared");
        annotations.put(name, object.get().text(name));
      }
    }
    return annotations;
  }
}

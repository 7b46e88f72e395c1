package dev.warder.operator.certificate;

import dev.warder.operator.Labels;
import dev.warder.operator.WebhookEndpoint;
import dev.warder.policy.Outcome;
import dev.warder.webhook.tls.TlsMaterial;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The webhook's certificate, kept in a Secret: made at first start, renewed when a third of its
 * life is left or the host names changed. Several processes may start at once: one wins, the others
 * read.
 */
public final class WebhookCertificate {
  public static final String SECRET = "warder-tls";

  private static final Logger LOG = LoggerFactory.getLogger(WebhookCertificate.class);
  private static final Duration RENEW_BEFORE = CertificateMaker.SERVING_LIFE.dividedBy(3);
  private static final int SUBJECT_ALTERNATIVE_VALUE = 1;
  private static final int TRIES = 3;

  private final KubernetesClient client;
  private final Clock clock;
  private final CertificateMaker maker;
  private final String instance;
  private final String namespace;
  private final Set<String> hosts;

  public WebhookCertificate(
      KubernetesClient client,
      Clock clock,
      String instance,
      String namespace,
      WebhookEndpoint endpoint) {
    this.client = client;
    this.clock = clock;
    this.maker = new CertificateMaker(clock);
    this.instance = instance;
    this.namespace = namespace;
    this.hosts = Hosts.of(endpoint, namespace);
  }

  /** Gives the certificate that the Secret holds, after making or renewing it where needed. */
  public CertificateBundle ensure() {
    for (var attempt = 1; ; attempt++) {
      try {
        return ensureOnce();
      } catch (KubernetesClientException e) {
        if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || attempt == TRIES) {
          throw e;
        }
      }
    }
  }

  private CertificateBundle ensureOnce() {
    var secret = client.secrets().inNamespace(namespace).withName(SECRET).get();
    if (secret == null) {
      LOG.info("Making a certificate authority and a certificate for {}", hosts);
      var bundle = maker.make(hosts);
      client.resource(secret(bundle, Optional.empty())).create();
      return bundle;
    }
    var bundle = CertificateBundle.fromSecretData(decoded(secret)).filter(this::authorityUsable);
    if (bundle.filter(this::certificateUsable).isPresent()) {
      return bundle.get();
    }
    LOG.info("Renewing the certificate for {}", hosts);
    var renewed = bundle.map(b -> maker.renew(b, hosts)).orElseGet(() -> maker.make(hosts));
    client.resource(secret(renewed, Optional.of(secret))).update();
    return renewed;
  }

  private boolean authorityUsable(CertificateBundle bundle) {
    try {
      return belongTogether(bundle.authority(), bundle.authorityKey())
          && lives(Pem.certificate(bundle.authority()), CertificateMaker.SERVING_LIFE);
    } catch (GeneralSecurityException e) {
      LOG.warn("Secret {}/{} holds no readable authority: {}", namespace, SECRET, e.getMessage());
      return false;
    }
  }

  private boolean certificateUsable(CertificateBundle bundle) {
    try {
      var certificate = Pem.certificate(bundle.certificate());
      certificate.verify(Pem.certificate(bundle.authority()).getPublicKey());
      return belongTogether(bundle.certificate(), bundle.key())
          && lives(certificate, RENEW_BEFORE)
          && names(certificate).equals(hosts);
    } catch (GeneralSecurityException e) {
      LOG.warn("Secret {}/{} holds no usable certificate: {}", namespace, SECRET, e.getMessage());
      return false;
    }
  }

  private boolean belongTogether(String certificate, String key) throws GeneralSecurityException {
    // Warder itself makes EC keys only, and renews with no other.
    Pem.privateKey(key);
    return switch (new TlsMaterial(certificate, key).check()) {
      case Outcome.Done<?> _ -> true;
      case Outcome.Failed<?>(var failure) -> {
        LOG.warn("Secret {}/{}: {}", namespace, SECRET, failure.message());
        yield false;
      }
    };
  }

  private boolean lives(X509Certificate certificate, Duration atLeast) {
    return certificate.getNotAfter().toInstant().isAfter(clock.instant().plus(atLeast));
  }

  private static Set<String> names(X509Certificate certificate) throws GeneralSecurityException {
    return Optional.ofNullable(certificate.getSubjectAlternativeNames()).orElse(List.of()).stream()
        .map(name -> String.valueOf(name.get(SUBJECT_ALTERNATIVE_VALUE)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Secret secret(CertificateBundle bundle, Optional<Secret> present) {
    return new SecretBuilder()
        .withNewMetadata()
        .withName(SECRET)
        .withNamespace(namespace)
        .withLabels(Labels.of(instance))
        .withResourceVersion(present.map(s -> s.getMetadata().getResourceVersion()).orElse(null))
        .endMetadata()
        .withType(present.map(Secret::getType).orElse("kubernetes.io/tls"))
        .withStringData(bundle.toSecretData())
        .build();
  }

  private static Map<String, String> decoded(Secret secret) {
    return Optional.ofNullable(secret.getData()).orElse(Map.of()).entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                entry ->
                    new String(
                        Base64.getDecoder().decode(entry.getValue()), StandardCharsets.UTF_8)));
  }
}

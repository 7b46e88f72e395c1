package dev.warder.operator;

import dev.warder.operator.certificate.CertificateBundle;
import dev.warder.operator.certificate.WebhookCertificate;
import dev.warder.policy.Outcome;
import dev.warder.webhook.http.AdmissionServer;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after the webhook's certificate while Warder runs; the former one serves till then. */
final class CertificateRenewal implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateRenewal.class);

  private final WebhookCertificate certificate;
  private final AdmissionServer server;
  private CertificateBundle serving;

  CertificateRenewal(
      WebhookCertificate certificate, CertificateBundle serving, AdmissionServer server) {
    this.certificate = certificate;
    this.serving = serving;
    this.server = server;
  }

  @Override
  public void run() {
    try {
      var bundle = certificate.ensure();
      if (bundle.equals(serving)) {
        return;
      }
      if (!bundle.authority().equals(serving.authority())) {
        // The webhook configurations trust the former one, and are given another at a start only.
        LOG.warn(
            "The webhook keeps its certificate although the Secret {} has another authority now;"
                + " restart Warder to change to it",
            WebhookCertificate.SECRET);
        return;
      }
      switch (server.rotate(OperatorRuntime.tls(bundle))) {
        case Outcome.Done<?> _ -> serving = bundle;
        case Outcome.Failed<?>(var failure) -> LOG.error("{}", failure.message());
      }
    } catch (KubernetesClientException e) {
      LOG.warn("The webhook's certificate could not be checked: {}", e.getMessage());
    }
  }
}

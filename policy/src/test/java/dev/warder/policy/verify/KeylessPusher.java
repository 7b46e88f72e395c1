package dev.warder.policy.verify;

import dev.warder.policy.fetch.FetchLimits;
import dev.warder.policy.fetch.RegistryPusher;
import dev.warder.policy.reference.ModuleReference;
import dev.warder.policy.reference.ModuleReferences;
import dev.warder.policy.testing.Outcomes;
import dev.warder.policy.testing.PrivateRegistry;

/** Signs what it pushes as a workflow of GitHub does, with an authority and logs of its own. */
public final class KeylessPusher {
  /** Of the repository whose workflow signs. */
  public static final String OWNER = "kubewarden";

  private final PrivateSigstore sigstore = new PrivateSigstore();

  /** The trusted_root.json by which its signatures pass, and only its. */
  public byte[] trustRoot() {
    return Json.bytes(sigstore.trustedRoot());
  }

  /** Pushes a module with its signature; gives its name with its digest. */
  public String push(PrivateRegistry registry, String repository, byte[] module) {
    var content = new MapRepository();
    var signing = Signing.keyless(sigstore, sigstore.workflow(OWNER + "/policies"));
    signing.manifest = content.pushImage(module);
    content.attach(signing.signLayer());
    var target =
        Outcomes.value(
            ModuleReferences.parse("registry://" + registry.host() + "/" + repository + ":v1"));
    try (var pusher = new RegistryPusher(FetchLimits.defaults(), registry.sources())) {
      return Outcomes.value(
              pusher.copy(content, signing.manifest, (ModuleReference.Registry) target))
          .replace("registry://", "");
    }
  }
}

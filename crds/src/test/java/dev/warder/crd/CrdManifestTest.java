package dev.warder.crd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CrdManifestTest {
  private static final String FILE = "clusteradmissionpolicies.policies.kubewarden.io-v1.yml";
  private static final Path GENERATED = Path.of("target/classes/META-INF/fabric8", FILE);
  private static final Path COMMITTED =
      Path.of("../config/crd/clusteradmissionpolicies.policies.kubewarden.io.yaml");

  @Test
  void committedManifestIsTheOneMadeFromTheTypes() throws Exception {
    var manifest = CrdManifest.refine(GENERATED);
    if (Boolean.getBoolean("crds.write")) {
      Files.createDirectories(COMMITTED.getParent());
      Files.writeString(COMMITTED, manifest);
    }
    assertThat(Files.readString(COMMITTED))
        .as("%s differs; run: mvn -B -q -pl crds test -Dcrds.write=true", COMMITTED)
        .isEqualTo(manifest);
  }
}

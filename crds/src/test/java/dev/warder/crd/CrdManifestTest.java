package dev.warder.crd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrdManifestTest {
  private static final Path GENERATED = Path.of("target/classes/META-INF/fabric8");
  private static final Path COMMITTED = Path.of("../config/crd");

  @ParameterizedTest
  @ValueSource(strings = {"clusteradmissionpolicies", "policyservers"})
  void committedManifestIsTheOneMadeFromTheTypes(String plural) throws Exception {
    var name = plural + ".policies.kubewarden.io";
    var manifest = CrdManifest.refine(GENERATED.resolve(name + "-v1.yml"));
    var committed = COMMITTED.resolve(name + ".yaml");
    if (Boolean.getBoolean("crds.write")) {
      Files.createDirectories(COMMITTED);
      Files.writeString(committed, manifest);
    }
    assertThat(Files.readString(committed))
        .as("%s differs; run: mvn -B -q -pl crds test -Dcrds.write=true", committed)
        .isEqualTo(manifest);
  }
}

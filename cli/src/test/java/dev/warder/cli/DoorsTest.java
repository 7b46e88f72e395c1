package dev.warder.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The doors between the rooms of docs/architecture.md open one way. */
final class DoorsTest {
  private static final Pattern TESTS = Pattern.compile(".*-tests\\.jar!.*");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          // Those of other modules come as an archive.
          .withImportOption(location -> !location.matches(TESTS))
          .importPackages("dev.warder");

  @Test
  void modulesKnowOnlyWhatIsBelowThem() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("dev.warder..")
        .layer("crds")
        .definedBy("dev.warder.crd..")
        .layer("policy")
        .definedBy("dev.warder.policy..")
        .layer("webhook")
        .definedBy("dev.warder.webhook..")
        .layer("operator")
        .definedBy("dev.warder.operator..")
        .layer("control plane")
        .definedBy("dev.warder.controlplane..")
        .layer("cli")
        .definedBy("dev.warder.cli..")
        .whereLayer("crds")
        .mayNotAccessAnyLayer()
        .whereLayer("policy")
        .mayNotAccessAnyLayer()
        .whereLayer("control plane")
        .mayNotAccessAnyLayer()
        .whereLayer("webhook")
        .mayOnlyAccessLayers("policy")
        .whereLayer("operator")
        .mayOnlyAccessLayers("crds", "policy", "webhook")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .because("a room that is known by those above it can be understood and tested alone")
        .check(CLASSES);
  }

  @Test
  void aPolicyIsPreparedThroughOneDoorAfterTheOther() {
    layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("dev.warder.policy..")
        .layer("vocabulary")
        .definedBy("dev.warder.policy")
        .layer("json")
        .definedBy("dev.warder.policy.json..")
        .layer("reference")
        .definedBy("dev.warder.policy.reference..")
        .layer("oci")
        .definedBy("dev.warder.policy.oci..")
        .layer("fetch")
        .definedBy("dev.warder.policy.fetch..")
        .layer("verify")
        .definedBy("dev.warder.policy.verify..")
        .layer("tuf")
        .definedBy("dev.warder.policy.tuf..")
        .layer("metadata")
        .definedBy("dev.warder.policy.metadata..")
        .layer("wasi")
        .definedBy("dev.warder.policy.wasi..")
        .layer("host")
        .definedBy("dev.warder.policy.host..")
        .layer("evaluation")
        .definedBy("dev.warder.policy.evaluation..")
        .whereLayer("vocabulary")
        .mayNotAccessAnyLayer()
        .whereLayer("json")
        .mayOnlyAccessLayers("vocabulary")
        .whereLayer("reference")
        .mayOnlyAccessLayers("vocabulary")
        .whereLayer("oci")
        .mayOnlyAccessLayers("vocabulary", "reference")
        .whereLayer("fetch")
        .mayOnlyAccessLayers("vocabulary", "reference", "oci")
        .whereLayer("verify")
        .mayOnlyAccessLayers("vocabulary", "reference", "oci", "fetch")
        .whereLayer("tuf")
        .mayOnlyAccessLayers("vocabulary", "reference", "fetch", "verify")
        .whereLayer("metadata")
        .mayOnlyAccessLayers("vocabulary", "reference", "fetch", "verify")
        .whereLayer("wasi")
        .mayOnlyAccessLayers("vocabulary", "reference", "fetch", "verify", "metadata")
        .whereLayer("host")
        .mayOnlyBeAccessedByLayers("evaluation")
        .whereLayer("evaluation")
        .mayNotBeAccessedByAnyLayer()
        .because("nothing may be served that has not passed every step")
        .check(CLASSES);
  }

  @Test
  void onePackageKnowsTheWebAssemblyEngine() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.warder.policy.wasi..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.dylibso.chicory..")
        .because("the engine must be replaceable")
        .check(CLASSES);
  }

  @Test
  void onePackageBelowTheOperatorKnowsTheCluster() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.warder.policy..", "dev.warder.webhook..")
        .and()
        .resideOutsideOfPackage("dev.warder.policy.host.kubernetes..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.fabric8..")
        .because("what reads the cluster for policies must be behind one gate")
        .check(CLASSES);
  }

  @Test
  void oneClassReachesMemoryWithoutTheJvmsChecks() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.warder.policy.wasi.machine.MemoryAccess")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("sun.misc.Unsafe")
        .because("every such access must be next to its check")
        .check(CLASSES);
  }

  @Test
  void onlyTheProgramPrints() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.warder.cli..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .because("what a server has to say belongs in its log")
        .check(CLASSES);
  }

  @Test
  void packagesBelowTheOperatorHaveNoCycles() {
    // The operator's top package both assembles the others and holds the words that they share.
    for (var module : List.of("policy", "webhook", "cli")) {
      SlicesRuleDefinition.slices()
          .matching("dev.warder." + module + ".(**)")
          .should()
          .beFreeOfCycles()
          .check(CLASSES);
    }
  }
}

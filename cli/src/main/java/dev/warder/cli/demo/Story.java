package dev.warder.cli.demo;

import java.io.IOException;
import java.util.List;

/** What the demo shows, in order. Each step builds on the ones before it. */
final class Story {
  static final String NAMESPACE = "warder-demo";

  /** Apart from the other, since the sample that adds labels would contradict the one there. */
  static final String MUTATED_NAMESPACE = "warder-demo-defaults";

  private static final String LABELS = "clusteradmissionpolicy/required-labels";
  private static final String DEFAULTS = "clusteradmissionpolicy/pod-defaults";
  private static final String TAGS = "clusteradmissionpolicy/no-latest-tag";
  private static final String TYPO = "clusteradmissionpolicy/labels-with-a-typo";

  private final Samples samples;
  private final RawCall rawCall;

  Story(Samples samples, RawCall rawCall) {
    this.samples = samples;
    this.rawCall = rawCall;
  }

  /** Writes the files that the steps apply. */
  void writeManifests(Folder folder) throws IOException {
    folder.write("required-labels.yaml", samples.policy("required-labels", NAMESPACE));
    folder.write("pod-defaults.yaml", samples.policy("pod-defaults", MUTATED_NAMESPACE));
    folder.write("no-latest-tag.yaml", samples.policy("no-latest-tag", NAMESPACE));
    folder.write("raw-quota.yaml", samples.policy("raw-quota", NAMESPACE));
    folder.write(
        "labels-with-a-typo.yaml",
        samples.policyWithBadSettings("required-labels", "labels-with-a-typo", NAMESPACE));
    for (var pod : List.of("unlabelled", "labelled", "contractor", "latest-image", "checkout")) {
      folder.writeResource(pod + ".yaml");
    }
  }

  List<Step> steps() {
    return List.of(
        new Step("ready", "A policy becomes Ready", "Ready", this::ready),
        new Step("refused", "A bad pod is refused", "the policy's own words", this::refused),
        new Step("admitted", "A good pod is admitted", "created", this::admitted),
        new Step(
            "changed", "A pod is changed on its way", "labels and security filled", this::changed),
        new Step(
            "written-in-c",
            "A policy in C refuses :latest",
            "the policy's own words",
            this::writtenInC),
        new Step("raw", "A request not from Kubernetes", "one admitted, one refused", this::raw),
        new Step(
            "bad-settings",
            "Bad settings are refused",
            "SettingsRejected, no webhook",
            this::badSettings),
        new Step("edit", "An edit counts without a restart", "refused, then admitted", this::edit),
        new Step(
            "bad-edit",
            "A bad edit changes nothing",
            "generation 2 goes on serving",
            this::badEdit),
        new Step(
            "deletion",
            "Deletion leaves nothing behind",
            "no webhook, pod admitted",
            this::deletion));
  }

  private Finding ready(Stage stage) throws IOException {
    stage.cat("required-labels.yaml");
    stage.must("apply", "-f", "required-labels.yaml");
    stage.must("wait", "--for=condition=Ready", LABELS, "--timeout=120s");
    return Checks.contains(stage.must("get", LABELS).stdout(), "True", "PolicyEnforced")
        ? Finding.asExpected("Ready, PolicyEnforced")
        : Finding.unexpected("not shown as Ready");
  }

  private Finding refused(Stage stage) throws IOException {
    stage.cat("unlabelled.yaml");
    return Checks.refused(
        stage.kubectl("apply", "-f", "unlabelled.yaml"), "is not labelled as required");
  }

  private Finding admitted(Stage stage) {
    return Checks.created(stage.kubectl("apply", "-f", "labelled.yaml"));
  }

  private Finding changed(Stage stage) throws IOException {
    stage.store("before.yaml", "create", "-f", "checkout.yaml", "--dry-run=server", "-o", "yaml");
    stage.must("apply", "-f", "pod-defaults.yaml");
    stage.must("wait", "--for=condition=Ready", DEFAULTS, "--timeout=120s");
    stage.store("after.yaml", "create", "-f", "checkout.yaml", "-o", "yaml");
    var diff = stage.diff("before.yaml", "after.yaml");
    var additions = List.of("cost-center: platform", "runAsNonRoot: true", "type: RuntimeDefault");
    var missing =
        additions.stream().filter(line -> diff.lines().noneMatch(l -> l.matches("\\+ +" + line)));
    return missing.findAny().isEmpty()
        ? Finding.asExpected("cost-center, runAsNonRoot, seccomp")
        : Finding.unexpected(diff.isEmpty() ? "the pod is unchanged" : "another change");
  }

  private Finding writtenInC(Stage stage) {
    stage.must("apply", "-f", "no-latest-tag.yaml");
    stage.must("wait", "--for=condition=Ready", TAGS, "--timeout=120s");
    return Checks.refused(stage.kubectl("apply", "-f", "latest-image.yaml"), "needs images pinned");
  }

  private Finding raw(Stage stage) throws Exception {
    stage.must("apply", "-f", "raw-quota.yaml");
    stage.must("wait", "--for=condition=Ready", "cap/raw-quota", "--timeout=120s");
    var accepted = rawCall.post(stage, "raw-quota", samples.request("raw-quota", "accept"));
    var rejected = rawCall.post(stage, "raw-quota", samples.request("raw-quota", "reject"));
    var verdicts =
        accepted.at("/response/allowed").asText()
            + ", "
            + rejected.at("/response/allowed").asText();
    return verdicts.equals("true, false")
        ? Finding.asExpected(rejected.at("/response/status/message").asText())
        : Finding.unexpected("allowed: " + verdicts);
  }

  private Finding badSettings(Stage stage) {
    stage.must("apply", "-f", "labels-with-a-typo.yaml");
    stage.must("wait", "--for=condition=Stalled", TYPO, "--timeout=120s");
    var shown = stage.must("get", TYPO, "-o", "wide").stdout();
    var event = stage.showEvents(TYPO);
    var webhook =
        stage.kubectl(
            "get",
            "validatingwebhookconfigurations",
            "kw.cap.labels-with-a-typo",
            "--ignore-not-found",
            "-o",
            "name");
    if (!shown.contains("SettingsRejected")) {
      return Finding.unexpected("the reason is not SettingsRejected");
    }
    if (!event.contains("SettingsRejected")) {
      return Finding.unexpected("no Event tells of it");
    }
    return webhook.output().isEmpty()
        ? Finding.asExpected("SettingsRejected, no webhook")
        : Finding.unexpected("there is a webhook");
  }

  private Finding edit(Stage stage) {
    var before = Checks.refused(stage.kubectl("apply", "-f", "contractor.yaml"), "contractors");
    if (!before.expected()) {
      return before;
    }
    stage.must(
        "patch", LABELS, "--type=merge", "-p", ownerMustMatch("^(team-[a-z]+|contractors)$"));
    stage.must("wait", "--for=condition=Ready", LABELS, "--timeout=120s");
    var after = Checks.created(stage.kubectl("apply", "-f", "contractor.yaml"));
    return after.expected() ? Finding.asExpected("refused, then created") : after;
  }

  private Finding badEdit(Stage stage) {
    stage.must("patch", LABELS, "--type=merge", "-p", ownerMustMatch("^(team-[a-z]+$"));
    stage.must("wait", "--for=condition=Stalled", LABELS, "--timeout=120s");
    var generations =
        stage
            .must(
                "get",
                LABELS,
                "-o",
                "custom-columns=NAME:.metadata.name,GENERATION:.metadata.generation,"
                    + "SERVING:.status.servingGeneration,"
                    + "READY:.status.conditions[?(@.type==\"Ready\")].status,"
                    + "ENFORCED:.status.conditions[?(@.type==\"Enforced\")].status,"
                    + "REASON:.status.conditions[?(@.type==\"Ready\")].reason")
            .stdout();
    stage.must(
        "get",
        LABELS,
        "-o",
        "jsonpath={range .status.conditions[?(@.status==\"True\")]}{.type}: {.message}{\"\\n\"}{end}");
    var refused =
        Checks.refused(
            stage.kubectl("apply", "-f", "unlabelled.yaml"), "is not labelled as required");
    if (!refused.expected()) {
      return refused;
    }
    return generations.matches("(?s).* 3 +2 +False +True +SettingsRejected\\s*")
        ? Finding.asExpected("generation 3 refused, 2 serves")
        : Finding.unexpected(generations);
  }

  private Finding deletion(Stage stage) {
    stage.must("get", "validatingwebhookconfigurations");
    stage.must("delete", LABELS, "--timeout=60s");
    var left = stage.must("get", "validatingwebhookconfigurations", "-o", "name").stdout();
    var pod = Checks.created(stage.kubectl("apply", "-f", "unlabelled.yaml"));
    if (!pod.expected()) {
      return pod;
    }
    return left.contains("kw.cap.required-labels")
        ? Finding.unexpected("the webhook is still there")
        : Finding.asExpected("no webhook, pod created");
  }

  private static String ownerMustMatch(String pattern) {
    return "{\"spec\":{\"settings\":{\"labels\":{\"owner\":\"" + pattern + "\"}}}}";
  }
}

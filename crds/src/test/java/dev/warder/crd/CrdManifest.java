package dev.warder.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** Turns the generator's manifest into the one that is committed. */
final class CrdManifest {
  private static final String HEADER =
      """
      # Generated from the Java types in crds/. Do not edit; after changing a type run:
      #   mvn -B -q -pl crds test -Dcrds.write=true
      """;
  private static final List<String> COLUMNS =
      List.of(
          "Ready",
          "Mode",
          "Mutating",
          "Verification",
          "Reason",
          "Age",
          "Digest",
          "Signer",
          "Execution",
          "Serving-Gen",
          "Module",
          "Policy-Server",
          "Pull-Secret",
          "Message");

  private CrdManifest() {}

  static String refine(Path generated) throws IOException {
    var crd = Serialization.unmarshal(Files.readString(generated), ObjectNode.class);
    for (var version : crd.at("/spec/versions")) {
      orderColumns((ObjectNode) version);
      var schema = (ObjectNode) version.at("/schema/openAPIV3Schema");
      dropRepeatedRules(schema);
      schema.putArray("required").add("spec");
      keyedBy(schema.at("/properties/spec/properties/matchConditions"), "name");
      keyedBy(schema.at("/properties/status/properties/conditions"), "type");
    }
    return HEADER + Serialization.asYaml(crd);
  }

  /** The generator sorts columns by path; people read readiness first and age last. */
  private static void orderColumns(ObjectNode version) {
    var columns = new ArrayList<JsonNode>();
    version.withArray("additionalPrinterColumns").forEach(columns::add);
    for (var column : columns) {
      if (!COLUMNS.contains(column.path("name").asText())) {
        throw new IllegalStateException("give column " + column.path("name") + " a place");
      }
    }
    columns.sort((a, b) -> Integer.compare(place(a), place(b)));
    version.putArray("additionalPrinterColumns").addAll(columns);
  }

  private static int place(JsonNode column) {
    return COLUMNS.indexOf(column.path("name").asText());
  }

  /** The generator sees an annotation of a record component twice: on the field and the method. */
  private static void dropRepeatedRules(JsonNode node) {
    if (node instanceof ObjectNode object
        && object.get("x-kubernetes-validations") instanceof ArrayNode rules) {
      var distinct = new LinkedHashSet<JsonNode>();
      rules.forEach(distinct::add);
      object.putArray("x-kubernetes-validations").addAll(distinct);
    }
    node.forEach(CrdManifest::dropRepeatedRules);
  }

  private static void keyedBy(JsonNode list, String key) {
    if (list instanceof ObjectNode object) {
      object.put("x-kubernetes-list-type", "map");
      object.putArray("x-kubernetes-list-map-keys").add(key);
    }
  }
}

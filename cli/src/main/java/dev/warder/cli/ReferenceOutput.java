package dev.warder.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.warder.cli.common.DataFormat;
import dev.warder.policy.fetch.FetchedModule;
import dev.warder.policy.reference.Digest;
import java.io.PrintWriter;
import picocli.CommandLine.Option;

/** How commands print the immutable reference of a module, which is all that they have to tell. */
final class ReferenceOutput {
  @Option(
      names = "--output",
      paramLabel = DataFormat.LABEL,
      defaultValue = "table",
      converter = DataFormat.Converter.class,
      description = {
        "The reference alone, without a header, or a document with it",
        "(default: ${DEFAULT-VALUE})."
      })
  private DataFormat format;

  /** What a document says of a module. */
  static ObjectNode document(FetchedModule fetched) {
    return document(fetched.immutableReference(), fetched.digest(), fetched.size());
  }

  static ObjectNode document(String reference, Digest digest, long size) {
    return document(reference).put("digest", digest.toString()).put("size", size);
  }

  static ObjectNode document(String reference) {
    return JsonNodeFactory.instance.objectNode().put("module", reference);
  }

  void print(PrintWriter out, ObjectNode document) {
    format.print(out, document, () -> out.println(document.path("module").textValue()));
  }
}

package dev.warder.cli.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.warder.cli.cases.CaseResult.Outcome;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Results for people and for programs. */
public record CaseReport(List<CaseResult> results) {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  public CaseReport {
    results = List.copyOf(results);
  }

  public boolean passed() {
    return results.stream().allMatch(CaseResult::passed);
  }

  /** A table. */
  public void print(PrintWriter out) {
    var width = results.stream().mapToInt(one -> one.tested().name().length()).max().orElse(0);
    for (var one : results) {
      out.printf(
          Locale.ROOT,
          "%-6s  %-" + Math.max(width, 1) + "s  %8s%n",
          one.outcome().name().toLowerCase(Locale.ROOT),
          one.tested().name(),
          millis(one.took()));
      if (!one.passed()) {
        out.println("        " + one.tested().place());
        one.problems().forEach(problem -> out.println("        " + problem));
      }
    }
    out.println(summary());
    out.flush();
  }

  private String summary() {
    return "%d passed, %d failed"
        .formatted(count(Outcome.PASSED), results.size() - count(Outcome.PASSED));
  }

  /** The same as JSON. */
  public JsonNode json() {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("passed", count(Outcome.PASSED));
    json.put("failed", count(Outcome.FAILED));
    json.put("broken", count(Outcome.BROKEN));
    var cases = json.putArray("cases");
    for (var one : results) {
      var entry = cases.addObject();
      entry.put("name", one.tested().name());
      entry.put("file", one.tested().file().toString());
      entry.put("line", one.tested().line());
      entry.put("outcome", one.outcome().name().toLowerCase(Locale.ROOT));
      entry.put("milliseconds", one.took().toNanos() / NANOS_PER_MILLI);
      one.problems().forEach(entry.putArray("problems")::add);
    }
    return json;
  }

  /** The same as JUnit writes it, which build servers read. */
  public String junit() {
    var text = new StringWriter();
    try {
      var xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", "warder test");
      xml.writeAttribute("tests", "" + results.size());
      xml.writeAttribute("failures", "" + count(Outcome.FAILED));
      xml.writeAttribute("errors", "" + count(Outcome.BROKEN));
      for (var one : results) {
        junit(xml, one);
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a report could not be written to memory", e);
    }
    return text.toString();
  }

  private static void junit(XMLStreamWriter xml, CaseResult one) throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", xmlText(one.tested().file().toString()));
    xml.writeAttribute("name", xmlText(one.tested().name()));
    xml.writeAttribute(
        "time", String.format(Locale.ROOT, "%.6f", one.took().toNanos() / NANOS_PER_SECOND));
    if (!one.passed()) {
      xml.writeStartElement(one.outcome() == Outcome.FAILED ? "failure" : "error");
      xml.writeAttribute("message", xmlText(String.join("; ", one.problems())));
      xml.writeCharacters(one.tested().place());
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  /** XML has no way to write most control characters. */
  private static String xmlText(String text) {
    return text.replaceAll(
        "[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]", "\uFFFD");
  }

  private static String millis(Duration took) {
    return took.isZero()
        ? "-"
        : String.format(Locale.ROOT, "%.1f ms", took.toNanos() / NANOS_PER_MILLI);
  }

  private long count(Outcome outcome) {
    return results.stream().filter(one -> one.outcome() == outcome).count();
  }
}

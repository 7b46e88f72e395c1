package dev.warder.policy.metadata;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * The API server's rules on the resources of a webhook, in its own order: {@code x/*} speaks only
 * about what comes behind it, and of the plain resources only the last one counts against {@code
 * *}.
 */
final class ResourceRule {
  private ResourceRule() {}

  static List<String> problems(List<String> resources) {
    var problems = new ArrayList<String>();
    var withAnySubresource = new HashSet<String>();
    var ofAnyResource = new HashSet<String>();
    var plain = false;
    for (var resource : resources) {
      if (resource.isEmpty()) {
        problems.add("an entry is empty");
        continue;
      }
      var slash = resource.indexOf('/');
      if (slash < 0) {
        plain = !resource.equals("*");
        continue;
      }
      var name = resource.substring(0, slash);
      var subresource = resource.substring(slash + 1);
      if (withAnySubresource.contains(name)) {
        problems.add(name + "/* covers " + resource + " already: leave one out");
      }
      if (ofAnyResource.contains(subresource)) {
        problems.add("*/" + subresource + " covers " + resource + " already: leave one out");
      }
      if (subresource.equals("*")) {
        withAnySubresource.add(name);
      }
      if (name.equals("*")) {
        ofAnyResource.add(subresource);
      }
    }
    if (resources.contains("*/*") && resources.size() > 1) {
      problems.add("*/* covers everything: it stands alone");
    }
    if (resources.contains("*") && plain) {
      problems.add("* covers every resource: beside it only subresources may stand");
    }
    return problems;
  }
}

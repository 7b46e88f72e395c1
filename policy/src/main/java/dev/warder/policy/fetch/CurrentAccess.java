package dev.warder.policy.fetch;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The access that the latest sources give, and those before it that are still used. */
final class CurrentAccess implements AutoCloseable {
  private final FetchLimits limits;
  private final Function<Sources, AddressRule> rule;
  private final Set<SourceAccess> entered = ConcurrentHashMap.newKeySet();
  private volatile SourceAccess current;

  CurrentAccess(Sources sources, FetchLimits limits) {
    this(sources, limits, any -> AddressRule.ANY);
  }

  /**
   * @param rule which addresses sources allow
   */
  CurrentAccess(Sources sources, FetchLimits limits, Function<Sources, AddressRule> rule) {
    this.limits = limits;
    this.rule = rule;
    current = new SourceAccess(sources, limits, rule.apply(sources));
  }

  synchronized void replace(Sources sources) {
    var former = current;
    current = new SourceAccess(sources, limits, rule.apply(sources));
    if (former.retire()) {
      entered.remove(former);
    }
  }

  /** Lets somebody use the latest access, and keeps it open for that long. */
  <T> T use(Function<SourceAccess, T> user) {
    var access = enter();
    try {
      entered.add(access);
      return user.apply(access);
    } finally {
      if (access.leave()) {
        entered.remove(access);
      }
    }
  }

  private SourceAccess enter() {
    while (true) {
      var access = current;
      if (access.enter()) {
        return access;
      }
    }
  }

  @Override
  public void close() {
    current.close();
    entered.forEach(SourceAccess::close);
  }
}

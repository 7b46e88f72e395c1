package dev.warder.policy.testing;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Host names of the tests, known to this JVM; all others are looked up as always. */
public final class TestNames extends InetAddressResolverProvider {
  private static final Map<String, Supplier<List<InetAddress>>> NAMES = new ConcurrentHashMap<>();

  /**
   * Lets a name have addresses from now on; the JVM keeps what it was told for half a minute.
   *
   * @param addresses asked whenever the JVM does not know
   */
  public static void put(String name, Supplier<List<InetAddress>> addresses) {
    NAMES.put(name, addresses);
  }

  @Override
  public InetAddressResolver get(Configuration configuration) {
    var builtin = configuration.builtinResolver();
    return new InetAddressResolver() {
      @Override
      public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
          throws UnknownHostException {
        var own = NAMES.get(host.toLowerCase(Locale.ROOT));
        return own == null ? builtin.lookupByName(host, policy) : own.get().stream();
      }

      @Override
      public String lookupByAddress(byte[] address) throws UnknownHostException {
        return builtin.lookupByAddress(address);
      }
    };
  }

  @Override
  public String name() {
    return "names of the tests";
  }
}

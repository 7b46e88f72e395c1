package dev.warder.policy.fetch;

import dev.warder.policy.reference.ModuleReference;
import java.util.ArrayList;

/**
 * The connections that one setting of {@link Sources} allows. Whoever uses it enters and leaves, so
 * that one that was replaced is closed only when nobody uses it any more.
 */
final class SourceAccess {
  private static final String PULL = "pull";

  private final Sources sources;
  private final FetchLimits limits;
  private final InsecureHosts insecureHosts;
  private final HttpTransport transport;
  private final HttpFollower http;
  private int users;
  private boolean retired;

  SourceAccess(Sources sources, FetchLimits limits) {
    this(sources, limits, AddressRule.ANY);
  }

  SourceAccess(Sources sources, FetchLimits limits, AddressRule rule) {
    this.sources = sources;
    this.limits = limits;
    insecureHosts = new InsecureHosts(sources.insecureHosts());
    transport = new HttpTransport(limits, sources, rule);
    http = new HttpFollower(new HttpRetries(transport), insecureHosts, limits.maxRedirects());
  }

  /** Whether it may be used; a replaced one takes nobody in. */
  synchronized boolean enter() {
    if (!retired) {
      users++;
    }
    return !retired;
  }

  /** Whether this was the last user of a replaced one, which is then closed. */
  synchronized boolean leave() {
    users--;
    var over = retired && users == 0;
    if (over) {
      transport.close();
    }
    return over;
  }

  /** Another one takes its place; whether nobody uses it, so that it is closed. */
  synchronized boolean retire() {
    retired = true;
    if (users == 0) {
      transport.close();
    }
    return users == 0;
  }

  /** Ends what is under way. */
  void close() {
    transport.close();
  }

  HttpFollower http() {
    return http;
  }

  /** Reads a repository, wherever its mirrors say. */
  OciContent repository(ModuleReference.Registry reference) {
    var places = new ArrayList<RegistryContent>();
    for (var place : sources.mirrors().places(reference)) {
      places.add(new RegistryContent(place, () -> session(place, PULL), limits.maxManifestBytes()));
    }
    return places.size() == 1 ? places.getFirst() : new MirroredContent(places);
  }

  /**
   * Speaks with a registry about one repository.
   *
   * @param actions what for: {@code pull} or {@code pull,push}
   */
  RegistrySession session(Mirrors.Place place, String actions) {
    var endpoint =
        new RegistryEndpoint(transport, insecureHosts, limits.connectTimeout()).of(place.host());
    var login =
        new RegistryLogin(
            new RegistryTokens(http, actions),
            insecureHosts,
            endpoint,
            place,
            sources.credentials().find(place.host(), place.repository()));
    return new RegistrySession(http, endpoint, place.repository(), login);
  }
}

package dev.warder.policy.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.policy.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

final class HttpFailuresTest {
  private static final URI SOURCE = URI.create("https://source.example/p.wasm?signature=secret");

  @Test
  void namesAnUnknownHost() {
    var cause = new ConnectException();
    cause.initCause(new UnresolvedAddressException());
    assertSays(cause, Reason.ModuleSourceUnreachable, "host source.example is not known");
  }

  @Test
  void namesARefusedConnection() {
    assertSays(
        new ConnectException(),
        Reason.ModuleSourceUnreachable,
        "no connection to https://source.example/p.wasm: refused");
  }

  @Test
  void namesTheConnectLimit() {
    assertSays(
        new HttpConnectTimeoutException("HTTP connect timed out"),
        Reason.ModuleFetchTimeout,
        "no connection to https://source.example/p.wasm within 5000 ms");
  }

  @Test
  void namesTls() {
    assertSays(new SSLException("odd record"), Reason.ModuleSourceUnreachable, "odd record");
  }

  @Test
  void namesWhatItDoesNotKnow() {
    assertSays(new IOException("odd"), Reason.ModuleSourceUnreachable, "broke off");
  }

  private static void assertSays(Throwable cause, Reason reason, String message) {
    var failure = HttpFailures.broken(SOURCE, cause, FetchLimits.defaults());
    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.message()).contains(message).doesNotContain("secret");
  }
}

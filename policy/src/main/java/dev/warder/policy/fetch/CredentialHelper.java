package dev.warder.policy.fetch;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Programs named {@code docker-credential-…} that keep credentials for Docker. */
final class CredentialHelper {
  private static final Logger LOG = LoggerFactory.getLogger(CredentialHelper.class);

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int MAX_ANSWER_BYTES = 64 * 1024;

  /** The user that stands for an identity token. */
  private static final String TOKEN_USER = "<token>";

  private static final JsonMapper JSON = new JsonMapper();

  private CredentialHelper() {}

  /** Whether this can only be a program on the path, and not a way to another folder. */
  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** What the helper has for a server; a helper that fails has nothing, and the log says so. */
  static Optional<Credential> ask(String name, String server) {
    return run("docker-credential-" + name, server, LIMIT);
  }

  static Optional<Credential> run(String program, String server, Duration limit) {
    try {
      var process =
          new ProcessBuilder(program, "get").redirectError(ProcessBuilder.Redirect.DISCARD).start();
      // Reading ends with the process, so the limit is kept by ending that.
      var watch = Thread.ofVirtual().start(() -> endAfter(process, limit));
      try (var in = process.getOutputStream()) {
        in.write((server + "\n").getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        LOG.debug("{} did not read its input", program);
      }
      var answer = process.getInputStream().readNBytes(MAX_ANSWER_BYTES);
      process.getInputStream().close();
      var status = process.waitFor();
      watch.interrupt();
      return status == 0 ? read(answer, program) : none(program, server, status);
    } catch (IOException e) {
      LOG.warn("{} cannot be run: check that it is installed and on the path", program);
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static void endAfter(Process process, Duration limit) {
    try {
      if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Optional<Credential> none(String program, String server, int status) {
    // Its output may hold a secret even then.
    LOG.info("{} has no credentials for {} (status {})", program, server, status);
    return Optional.empty();
  }

  private static Optional<Credential> read(byte[] answer, String program) {
    try {
      var json = JSON.readTree(answer);
      var user = json.path("Username").asText();
      var secret = json.path("Secret").asText();
      if (!secret.isEmpty()) {
        return Optional.of(
            user.equals(TOKEN_USER)
                ? new Credential.IdentityToken(secret)
                : new Credential.Basic(user, secret));
      }
    } catch (IOException e) {
      LOG.debug("{} gave no JSON", program);
    }
    LOG.warn("{} gave no usable answer", program);
    return Optional.empty();
  }
}

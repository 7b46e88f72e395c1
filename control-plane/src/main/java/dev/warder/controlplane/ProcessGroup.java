package dev.warder.controlplane;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes that work on one data folder. They end when this object is closed, when the Java
 * process ends, and where the system can see to it (Linux with {@code setpriv}) even when that is
 * killed.
 *
 * <p>The system's promise is about the thread that starts a process, not about the Java process as
 * a whole, so one thread starts all of them and lives until the group is closed.
 */
final class ProcessGroup implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ProcessGroup.class);
  private static final List<String> DIE_WITH_PARENT = List.of("setpriv", "--pdeathsig", "KILL");
  private static final long STOP_SECONDS = 10;

  private final DataFolder data;
  private final List<String> prefix;
  private final List<Member> members = new ArrayList<>();
  private final ExecutorService starter =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("control-plane-starter").factory());
  private final Thread atExit = Thread.ofPlatform().unstarted(this::stop);

  /** One process of the group. */
  record Member(Component component, Process process, Path log) {}

  ProcessGroup(DataFolder data) throws InterruptedException {
    this.data = data;
    this.prefix = canDieWithParent() ? DIE_WITH_PARENT : List.of();
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  private static boolean canDieWithParent() throws InterruptedException {
    var probe = new ArrayList<>(DIE_WITH_PARENT);
    probe.add("true");
    try {
      return new ProcessBuilder(probe)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  synchronized void start(Component component, List<String> command)
      throws IOException, InterruptedException {
    var line = new ArrayList<>(prefix);
    line.addAll(command);
    Path log = data.log(component);
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(data.root().toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    try {
      members.add(new Member(component, starter.submit(builder::start).get(), log));
    } catch (ExecutionException e) {
      throw new IOException("cannot start " + command.getFirst() + ": " + e.getCause(), e);
    }
  }

  /** A process that has ended although the group is not closed. */
  synchronized Optional<Member> firstDead() {
    return members.stream().filter(m -> !m.process().isAlive()).findFirst();
  }

  synchronized List<ProcessHandle> handles() {
    return members.stream().map(m -> m.process().toHandle()).toList();
  }

  @Override
  public void close() {
    stop();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException exiting) {
      LOG.debug("the hook is about to find nothing left to stop", exiting);
    }
  }

  /**
   * Kills the processes and waits until they are gone. Their data is of no further use, so they are
   * not asked to finish: kube-apiserver could take a minute.
   */
  private synchronized void stop() {
    members.reversed().forEach(m -> m.process().destroyForcibly());
    boolean interrupted = false;
    for (Member member : members) {
      try {
        member.process().waitFor(STOP_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    starter.shutdown();
    try {
      data.deleteIfTemporary();
    } catch (IOException e) {
      LOG.warn("cannot remove {}: {}", data.root(), e.toString());
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

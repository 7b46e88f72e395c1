package dev.warder.webhook.warmup;

import dev.warder.policy.evaluation.Exercise;
import dev.warder.policy.wasi.CompiledModule;
import dev.warder.policy.wasi.GuestThreads;
import dev.warder.webhook.metrics.WebhookMetrics;
import dev.warder.webhook.registry.PolicyId;
import dev.warder.webhook.registry.PolicyRegistry;
import dev.warder.webhook.registry.ServedPolicy;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the exercises of newly served policies on one thread of low priority, so that the JVM has
 * compiled their code before a request waits for it. Policies of one module share a program, and a
 * program is warmed up once. It holds still while requests wait or run.
 */
public final class WarmUp implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  /** How long it looks away when requests are there. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private static final Duration LAST_WAIT = Duration.ofSeconds(1);

  private final PolicyRegistry policies;
  private final BooleanSupplier busy;
  private final Duration cpuBudget;
  private final RunClock clock = RunClock.system();
  private final AtomicLong cpu = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;

  // Guarded by the lock, as are the next ones.
  private final Turns<CompiledModule> turns = new Turns<>();

  /** Programs that need no course any more, or have one. */
  private final Set<CompiledModule> taken = Collections.newSetFromMap(new WeakHashMap<>());

  private Map<PolicyId, ServedPolicy> seen = Map.of();
  private boolean closed;

  @SuppressWarnings("ThreadPriorityCheck") // a wish, on which nothing relies
  private WarmUp(
      PolicyRegistry policies, BooleanSupplier busy, Duration cpuBudget, WebhookMetrics metrics) {
    this.policies = policies;
    this.busy = busy;
    this.cpuBudget = cpuBudget;
    this.thread = GuestThreads.factory("warm-up").newThread(this::work);
    thread.setPriority(Thread.MIN_PRIORITY);
    metrics.counter(
        "warder_warm_up_cpu_seconds",
        "CPU time that was spent on warming up policies, without the JVM's compiler",
        () -> cpu.get() / 1e9);
    metrics.gauge(
        "warder_warm_up_waiting_policies",
        "Served policies whose warm-up is not over",
        this::waiting);
  }

  /**
   * Warms up what is served now and from now on.
   *
   * @param busy whether requests wait or run
   * @param cpuBudget for each program
   */
  public static WarmUp start(
      PolicyRegistry policies, BooleanSupplier busy, Duration cpuBudget, WebhookMetrics metrics) {
    var warmUp = new WarmUp(policies, busy, cpuBudget, metrics);
    policies.onChange(warmUp::look);
    warmUp.thread.start();
    return warmUp;
  }

  private void look() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    for (var next = take(); next.isPresent(); next = take()) {
      step(next.get());
    }
  }

  /** Waits until there is something to do and nobody else wants the CPU; empty when closed. */
  private Optional<CompiledModule> take() {
    lock.lock();
    try {
      while (!closed) {
        follow();
        var next = turns.next();
        if (next.isEmpty()) {
          changed.awaitUninterruptibly();
        } else if (busy.getAsBoolean()) {
          var _ = changed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } else {
          return next;
        }
      }
      return Optional.empty();
    } catch (InterruptedException e) {
      // Only close interrupts.
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what is served no longer, and takes up what is new. */
  private void follow() {
    var now = policies.snapshot();
    if (now.equals(seen)) {
      return;
    }
    seen = now;
    var programs = new HashMap<CompiledModule, ServedPolicy>();
    now.values().forEach(policy -> programs.putIfAbsent(policy.prepared().module(), policy));
    for (var program : turns.keys()) {
      if (!programs.containsKey(program)) {
        turns.remove(program);
        taken.remove(program);
      }
    }
    programs.forEach(
        (program, policy) -> {
          if (taken.add(program)) {
            turns.add(program, course(policy));
          }
        });
  }

  private Course course(ServedPolicy policy) {
    return new Course(
        policy.prepared().exercises().stream().map(exercise -> drill(exercise, policy)).toList(),
        clock,
        cpuBudget);
  }

  private static Course.Drill drill(Exercise exercise, ServedPolicy policy) {
    return () -> exercise.run(policy.budget());
  }

  private void step(CompiledModule program) {
    var course = course(program);
    try {
      var used = course.step();
      cpu.addAndGet(used.toNanos());
      course.end().ifPresent(end -> over(program, course, end.name()));
    } catch (Throwable e) {
      // The thread must live on: nothing replaces it.
      LOG.error("warming up {} failed", program.digest(), e);
      over(program, course, "ERROR");
    }
  }

  private Course course(CompiledModule program) {
    lock.lock();
    try {
      return turns.course(program);
    } finally {
      lock.unlock();
    }
  }

  private void over(CompiledModule program, Course course, String why) {
    lock.lock();
    try {
      turns.remove(program);
    } finally {
      lock.unlock();
    }
    LOG.info(
        "{} is warm after {} runs and {} ms of CPU time ({})",
        program.digest(),
        course.runs(),
        course.cpu().toMillis(),
        why);
  }

  private int waiting() {
    lock.lock();
    try {
      follow();
      var programs = turns.keys();
      return Math.toIntExact(
          seen.values().stream()
              .filter(policy -> programs.contains(policy.prepared().module()))
              .count());
    } finally {
      lock.unlock();
    }
  }

  /** Ends the run in progress and waits a moment for that. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    thread.interrupt();
    try {
      thread.join(LAST_WAIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

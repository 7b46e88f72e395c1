package dev.warder.cli.bench;

import com.sun.management.ThreadMXBean;
import dev.warder.cli.common.CommandFailedException;
import dev.warder.policy.evaluation.PolicyAnswer;
import dev.warder.policy.evaluation.PolicyAnswer.Ending;
import dev.warder.policy.evaluation.PreparedPolicy;
import dev.warder.policy.evaluation.ValidationRequest;
import dev.warder.policy.wasi.EvaluationBudget;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Lets a policy judge the requests in turn, on the calling thread, and takes the time. */
record Evaluator(PreparedPolicy policy, List<ValidationRequest> requests, EvaluationBudget budget) {
  private static final ThreadMXBean THREADS =
      ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

  /** Whether each request is allowed; every one is judged once. */
  List<Boolean> answers() {
    var answers = new ArrayList<Boolean>();
    for (int i = 0; i < requests.size(); i++) {
      answers.add(evaluate(i).response().allowed());
    }
    return answers;
  }

  /** Judges the first request. */
  Sample once() {
    return measured(0, System.nanoTime());
  }

  /** Goes on until it is told to stop, which it asks after each evaluation. */
  void until(BooleanSupplier stop, Consumer<Sample> listener) {
    var began = System.nanoTime();
    int next = 0;
    do {
      listener.accept(measured(next, began));
      next = (next + 1) % requests.size();
    } while (!stop.getAsBoolean());
  }

  /** Bytes that this thread has allocated so far. */
  static long allocatedBytes() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }

  private Sample measured(int request, long began) {
    var cpu = THREADS.getCurrentThreadCpuTime();
    var start = System.nanoTime();
    evaluate(request);
    var end = System.nanoTime();
    return new Sample(end - began, THREADS.getCurrentThreadCpuTime() - cpu, end - start);
  }

  private PolicyAnswer evaluate(int request) {
    var answer = policy.evaluate(requests.get(request), budget);
    if (!(answer.ending() instanceof Ending.Answered)) {
      throw new CommandFailedException(
          "the policy failed at request %d, so its times mean nothing: %s"
              .formatted(
                  request + 1,
                  answer.response().status().flatMap(status -> status.message()).orElse("")));
    }
    return answer;
  }
}

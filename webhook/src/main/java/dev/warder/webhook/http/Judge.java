package dev.warder.webhook.http;

import dev.warder.policy.evaluation.AdmissionResponse;
import dev.warder.policy.evaluation.Decoded;
import dev.warder.policy.evaluation.PolicyAnswer;
import dev.warder.policy.evaluation.PolicyMode;
import dev.warder.policy.evaluation.PostProcessor;
import dev.warder.policy.evaluation.ValidationRequest;
import dev.warder.policy.wasi.EvaluationBudget;
import dev.warder.policy.wasi.Overrun;
import dev.warder.webhook.metrics.OverloadCause;
import dev.warder.webhook.metrics.Phase;
import dev.warder.webhook.metrics.WebhookMetrics;
import dev.warder.webhook.registry.PolicyRegistry;
import dev.warder.webhook.registry.ServedPolicy;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the body of a request into a reply, on a guest thread: decode, look up, evaluate, encode.
 */
final class Judge {
  private static final Logger LOG = LoggerFactory.getLogger(Judge.class);

  private static final int MAX_LOGGED_CHARS = 1000;

  private final PolicyRegistry policies;
  private final WebhookMetrics metrics;

  Judge(PolicyRegistry policies, WebhookMetrics metrics) {
    this.policies = policies;
    this.metrics = metrics;
  }

  Reply judge(Target target, byte[] body, Deadline deadline) {
    var begin = System.nanoTime();
    var decoded = target.route().decode(body);
    metrics.took(Phase.DECODE, since(begin));
    return switch (decoded) {
      case Decoded.NotJson(var message) -> Reply.error(400, message);
      case Decoded.Malformed(var message) -> Reply.error(422, message);
      case Decoded.Request(var request) ->
          PolicyLookup.find(policies, target.id())
              .map(policy -> judge(target.route(), policy, request, deadline))
              .orElseGet(() -> PolicyLookup.absent(policies, target, Optional.of(request.uid())));
    };
  }

  private Reply judge(
      ReviewRoute route, ServedPolicy policy, ValidationRequest request, Deadline deadline) {
    var left = deadline.remaining();
    if (!left.isPositive()) {
      metrics.overloaded(OverloadCause.DEADLINE);
      return Unjudged.overloaded(route, policy, request.uid());
    }
    var answer = evaluate(route, policy, request, budget(policy, left));
    if (!route.enforcing()) {
      return Reply.verdict(route.encode(answer));
    }
    if (policy.rules().mode() == PolicyMode.MONITOR) {
      logMonitored(policy, answer);
    }
    return Reply.verdict(route.encode(PostProcessor.apply(answer, policy.rules())));
  }

  private static EvaluationBudget budget(ServedPolicy policy, Duration left) {
    var budget = policy.budget();
    return left.compareTo(budget.time()) < 0 ? budget.withTime(left) : budget;
  }

  // Whatever goes wrong in here, a stack overflow or a lack of memory included, is this policy's
  // verdict and not the server's end.
  private AdmissionResponse evaluate(
      ReviewRoute route, ServedPolicy policy, ValidationRequest request, EvaluationBudget budget) {
    var begin = System.nanoTime();
    try {
      var answer = policy.prepared().evaluate(request, budget);
      var response = response(policy, request, answer, budget);
      record(route, policy, request, response, since(begin));
      answer.overrun().ifPresent(metrics::overran);
      logStderr(policy, request, answer);
      return response;
    } catch (Throwable e) {
      LOG.error("evaluation of policy {} for request {} failed", policy.id(), request.uid(), e);
      var response = Unjudged.failed(policy, request.uid());
      record(route, policy, request, response, since(begin));
      return response;
    }
  }

  /** The policy's own, unless it had less time than its budget says. */
  private static AdmissionResponse response(
      ServedPolicy policy,
      ValidationRequest request,
      PolicyAnswer answer,
      EvaluationBudget budget) {
    var cutShort =
        answer.overrun().filter(Overrun.TIME::equals).isPresent()
            && budget.time().compareTo(policy.budget().time()) < 0;
    return cutShort ? Unjudged.outOfTime(policy, request.uid()) : answer.response();
  }

  private void record(
      ReviewRoute route,
      ServedPolicy policy,
      ValidationRequest request,
      AdmissionResponse response,
      Duration time) {
    metrics.took(Phase.EVALUATE, time);
    metrics.evaluated(Labels.of(route, policy, request, response), time);
  }

  /** Of a failed run, the verdict carries it. */
  private static void logStderr(
      ServedPolicy policy, ValidationRequest request, PolicyAnswer answer) {
    var stderr = answer.stderr();
    if (stderr.isEmpty() || !(answer.ending() instanceof PolicyAnswer.Ending.Answered)) {
      return;
    }
    LOG.atWarn()
        .addKeyValue("policy_id", policy.id().value())
        .addKeyValue("request_uid", request.uid())
        .addKeyValue("stderr", stderr.substring(0, Math.min(stderr.length(), MAX_LOGGED_CHARS)))
        .log("the policy wrote to stderr");
  }

  private static void logMonitored(ServedPolicy policy, AdmissionResponse answer) {
    LOG.atInfo()
        .addKeyValue("policy_id", policy.id().value())
        .addKeyValue("allowed_to_mutate", policy.rules().allowedToMutate())
        .addKeyValue("response", answer.json())
        .log("policy evaluation (monitor mode)");
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }
}

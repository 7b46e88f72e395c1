package dev.warder.bench;

import java.util.List;

/** A server of policies, in a process of its own. */
interface Server extends AutoCloseable {
  /**
   * Starts the process with these policies and waits until all are served. Started again after a
   * stop, it finds on disk what it left there.
   */
  void start(List<BenchPolicy> policies) throws Exception;

  /** Serves one policy more; does not wait. */
  void add(BenchPolicy policy) throws Exception;

  /** Where it listens. */
  Endpoint endpoint();

  /** The path at which it judges by a policy. */
  String path(String policy);

  /** The running process. */
  ProcessTree process();

  /** The most memory that the process and its children had together since it was started. */
  PeakWatch peak();

  /** Ends the process and keeps what is on disk. */
  void stop();

  @Override
  void close();
}

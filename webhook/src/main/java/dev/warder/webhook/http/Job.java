package dev.warder.webhook.http;

/** A piece of work that is of no use once its deadline has passed. */
interface Job extends Runnable {
  /** Jobs with the same name share a lane. */
  String lane();

  Deadline deadline();

  /** It was taken out of the queue to make room for another lane's job, and will not run. */
  void dropped();

  /**
   * It was taken out of the queue because it could no longer end in time, and will not run. Called
   * on a worker's thread.
   */
  void tooLate();
}

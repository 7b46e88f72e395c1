package dev.warder.controlplane;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes one file or folder of the cache, one maker at a time. */
@FunctionalInterface
interface CacheWork {

  /**
   * Looks whether the thing is there by now and makes it otherwise.
   *
   * @param scratch an empty folder on the target's file system, removed afterwards
   */
  void make(Path scratch) throws IOException, InterruptedException;

  /**
   * Does the work while no other thread or process does work on the same target.
   *
   * @throws ControlPlaneException if the target cannot be written or this thread is interrupted
   */
  static void doLocked(Path target, Progress progress, CacheWork work) {
    Path lock = target.resolveSibling(target.getFileName() + ".lock");
    try (var _ = CacheLock.acquire(lock, progress)) {
      // Beside the target, so that what is made can be moved there atomically; what a killed maker
      // left behind goes.
      Path scratch = target.resolveSibling(target.getFileName() + ".making");
      FileTree.delete(scratch);
      Files.createDirectory(scratch);
      try {
        work.make(scratch);
      } finally {
        FileTree.delete(scratch);
      }
    } catch (IOException e) {
      throw new ControlPlaneException("cannot write " + target + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ControlPlaneException("interrupted while making " + target, e);
    }
  }
}

package dev.warder.cli;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.Listable;
import io.fabric8.kubernetes.client.dsl.Watchable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Kills an operator at the moment that was chosen; moments are log lines and changes. */
final class Killer implements AutoCloseable {
  private final CountDownLatch left;
  private final List<Watch> watches = new ArrayList<>();
  private final Thread thread;

  private Killer(CountDownLatch left, OperatorProcess operator) {
    this.left = left;
    thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    left.await();
                    operator.kill();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
  }

  /**
   * @param moments how many to live
   */
  static Killer of(OperatorProcess operator, int moments) {
    var left = new CountDownLatch(moments);
    operator.onLine(left::countDown);
    return new Killer(left, operator);
  }

  /** Counts the changes of these objects from now on. */
  <T extends HasMetadata, O extends Watchable<T> & Listable<? extends KubernetesResourceList<T>>>
      Killer watching(O objects) {
    var version = objects.list().getMetadata().getResourceVersion();
    var options = new ListOptionsBuilder().withResourceVersion(version).build();
    watches.add(objects.watch(options, new Counting<>()));
    return this;
  }

  private final class Counting<T> implements Watcher<T> {
    @Override
    public void eventReceived(Action action, T object) {
      left.countDown();
    }

    @Override
    public void onClose(WatcherException cause) {
      throw new IllegalStateException(cause);
    }
  }

  boolean hasStruck() {
    return left.getCount() == 0;
  }

  @Override
  public void close() {
    watches.forEach(Watch::close);
    thread.interrupt();
  }
}

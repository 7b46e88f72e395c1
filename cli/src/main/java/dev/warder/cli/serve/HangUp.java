package dev.warder.cli.serve;

import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The signal by which people ask a server to read its files again. */
final class HangUp {
  private static final Logger LOG = LoggerFactory.getLogger(HangUp.class);

  private HangUp() {}

  /**
   * Calls on every SIGHUP, which then no longer ends the process. The JDK has no other way to
   * signals than a class that javac warns about at each mention.
   */
  static void handle(Runnable reaction) {
    try {
      var signal = Class.forName("sun.misc.Signal");
      var handler = Class.forName("sun.misc.SignalHandler");
      var run =
          MethodHandles.publicLookup()
              .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
              .bindTo(reaction);
      signal
          .getMethod("handle", signal, handler)
          .invoke(
              null,
              signal.getConstructor(String.class).newInstance("HUP"),
              MethodHandleProxies.asInterfaceInstance(
                  handler, MethodHandles.dropArguments(run, 0, signal)));
    } catch (InvocationTargetException e) {
      LOG.warn("SIGHUP cannot be handled ({}); a change of the file still works", e.getCause());
    } catch (ReflectiveOperationException e) {
      LOG.warn("SIGHUP cannot be handled ({}); a change of the file still works", e.toString());
    }
  }
}

package dev.warder.policy.wasi;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Function;

/** Defines a program's classes when they are first used; most functions of a module never are. */
final class ProgramClassLoader extends ClassLoader {
  private static final String FOLDER = "class/";

  private final BlobSource blobs;

  static {
    registerAsParallelCapable();
  }

  ProgramClassLoader(BlobSource blobs) {
    super("warder-guest", ProgramClassLoader.class.getClassLoader());
    this.blobs = blobs;
  }

  /** The name of the part that holds a class. */
  static String blob(String className) {
    return FOLDER + className;
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (!name.startsWith(ModuleCompiler.MACHINE)) {
      throw new ClassNotFoundException(name);
    }
    var bytes = blobs.read(blob(name));
    return defineClass(name, bytes, 0, bytes.length);
  }

  /** Makes the machine of an instance. */
  Function<Instance, Machine> machines() {
    try {
      var type = loadClass(ModuleCompiler.MACHINE).asSubclass(Machine.class);
      var constructor =
          MethodHandles.publicLookup()
              .findConstructor(type, MethodType.methodType(void.class, Instance.class))
              .asType(MethodType.methodType(Machine.class, Instance.class));
      return instance -> {
        try {
          return (Machine) constructor.invokeExact(instance);
        } catch (RuntimeException | Error e) {
          throw e;
        } catch (Throwable e) {
          throw new IllegalStateException("the machine of a module cannot be made", e);
        }
      };
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a compiled program has no machine", e);
    }
  }
}

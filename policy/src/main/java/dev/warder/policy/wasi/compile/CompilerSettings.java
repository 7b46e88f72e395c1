package dev.warder.policy.wasi.compile;

import dev.warder.policy.wasi.store.ProgramLimits;
import java.time.Duration;
import java.util.List;

/**
 * How the compiler process is run.
 *
 * @param mainClass on this process's class path; its {@code main} calls {@link CompilerChild#run}
 * @param jvmOptions more options for its JVM
 * @param memory its heap
 * @param limit how long one module may take, without the time in the queue
 * @param idle how long it waits for another module before it ends
 * @param limits what a program may hold
 */
public record CompilerSettings(
    String mainClass,
    List<String> jvmOptions,
    CompileMemory memory,
    Duration limit,
    Duration idle,
    ProgramLimits limits) {
  public CompilerSettings {
    jvmOptions = List.copyOf(jvmOptions);
  }
}

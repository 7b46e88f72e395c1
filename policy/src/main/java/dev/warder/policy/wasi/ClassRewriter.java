package dev.warder.policy.wasi;

import com.dylibso.chicory.compiler.internal.Shaded;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.runtime.TableInstance;
import dev.warder.policy.wasi.machine.GlobalFields;
import dev.warder.policy.wasi.machine.LinearMemory;
import dev.warder.policy.wasi.machine.MemoryAccess;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Binds compiled code to {@link LinearMemory}. The compiler emits calls of an interface for each
 * load and store, and of objects for each global; half of an evaluation would be spent there.
 */
final class ClassRewriter {
  private static final String MEMORY = Type.getInternalName(Memory.class);
  private static final String MEMORY_TYPE = Type.getDescriptor(Memory.class);
  private static final String LINEAR = Type.getInternalName(LinearMemory.class);
  private static final String LINEAR_TYPE = Type.getDescriptor(LinearMemory.class);
  private static final String ACCESS = Type.getInternalName(MemoryAccess.class);
  private static final String INSTANCE = Type.getInternalName(Instance.class);
  private static final String INSTANCE_TYPE = Type.getDescriptor(Instance.class);
  private static final String HELPERS = Type.getInternalName(Shaded.class);
  private static final String TABLE = Type.getInternalName(TableInstance.class);
  private static final String INDIRECT = "call_indirect_";
  private static final String POLL = "checkInterruption";
  private static final Set<String> ACCESSES =
      Arrays.stream(MemoryAccess.class.getMethods())
          .map(java.lang.reflect.Method::getName)
          .filter(name -> name.startsWith("memory"))
          .collect(Collectors.toUnmodifiableSet());

  private final String machine;
  private final String shaded;
  private final boolean hasMemory;
  private final boolean fixedTable;

  /**
   * @param machineClass the class name that the compiler was given
   * @param hasMemory whether the module has a memory; if not, there is nowhere to keep globals
   * @param fixedTable whether the module has one table, which its code does not change
   */
  ClassRewriter(String machineClass, boolean hasMemory, boolean fixedTable) {
    this.hasMemory = hasMemory;
    this.fixedTable = hasMemory && fixedTable;
    machine = machineClass.replace('.', '/');
    shaded = machine + "Shaded";
  }

  /** Whether a class is needed at all: the compiler's copy of its helpers is not. */
  boolean needs(String className) {
    return !className.replace('.', '/').equals(shaded);
  }

  byte[] rewrite(byte[] classFile) {
    var node = new ClassNode();
    new ClassReader(classFile).accept(node, ClassReader.SKIP_DEBUG);
    node.methods.forEach(this::rewrite);
    var writer = new ClassWriter(0);
    node.accept(writer);
    return writer.toByteArray();
  }

  private void rewrite(MethodNode method) {
    var memorySlot = hasMemory ? memorySlot(method) : -1;
    method.desc = linear(method.desc);
    for (var instruction : method.instructions.toArray()) {
      switch (instruction) {
        case FrameNode frame -> {
          frame.local = linear(frame.local);
          frame.stack = linear(frame.stack);
        }
        case MethodInsnNode call
            when fixedTable
                && method.name.startsWith(INDIRECT)
                && memorySlot >= 0
                && isTable(call) ->
            table(method, call, memorySlot);
        case MethodInsnNode call when call.owner.equals(shaded) -> helper(method, call, memorySlot);
        case MethodInsnNode call when call.owner.startsWith(machine) ->
            call.desc = linear(call.desc);
        case MethodInsnNode call
            when call.owner.equals(INSTANCE) && call.desc.endsWith(MEMORY_TYPE) ->
            method.instructions.insert(call, new TypeInsnNode(Opcodes.CHECKCAST, LINEAR));
        default -> {}
      }
    }
  }

  private static boolean isTable(MethodInsnNode call) {
    return call.owner.equals(TABLE) || (call.owner.equals(INSTANCE) && call.name.equals("table"));
  }

  /**
   * Looks a function up in the memory's array. The table and the other instance whose function it
   * might be are null from then on, which is how the compiler's code knows its own functions.
   */
  private static void table(MethodNode method, MethodInsnNode call, int memorySlot) {
    var code = method.instructions;
    if (call.name.equals("requiredRef")) {
      code.insertBefore(call, new InsnNode(Opcodes.SWAP));
      code.insertBefore(call, new InsnNode(Opcodes.POP));
      code.insertBefore(call, new VarInsnNode(Opcodes.ALOAD, memorySlot));
      call.setOpcode(Opcodes.INVOKESTATIC);
      call.owner = ACCESS;
      call.name = "function";
      call.desc = "(I" + LINEAR_TYPE + ")I";
    } else {
      code.insertBefore(call, new InsnNode(Opcodes.POP2));
      code.set(call, new InsnNode(Opcodes.ACONST_NULL));
    }
  }

  private static void helper(MethodNode method, MethodInsnNode call, int memorySlot) {
    call.owner = HELPERS;
    if (ACCESSES.contains(call.name)) {
      call.owner = ACCESS;
      call.desc = linear(call.desc);
    } else if (call.name.equals(POLL) && memorySlot >= 0) {
      method.instructions.insertBefore(call, new VarInsnNode(Opcodes.ALOAD, memorySlot));
      call.owner = ACCESS;
      call.desc = "(" + LINEAR_TYPE + ")V";
      method.maxStack++;
    } else if (call.name.equals("readGlobal") || call.name.equals("writeGlobal")) {
      global(method, call, memorySlot);
    }
  }

  /** Turns {@code index, instance, call} into an access to a field of the memory. */
  private static void global(MethodNode method, MethodInsnNode call, int memorySlot) {
    var instance = call.getPrevious();
    var index = instance == null ? -1 : constant(instance.getPrevious());
    if (memorySlot < 0
        || index < 0
        || index >= GlobalFields.COUNT
        || !(instance instanceof VarInsnNode load)
        || load.getOpcode() != Opcodes.ALOAD) {
      return;
    }
    var code = method.instructions;
    var memory = new VarInsnNode(Opcodes.ALOAD, memorySlot);
    if (index >= GlobalFields.NAMED) {
      code.set(instance, memory);
      call.owner = ACCESS;
      call.desc = call.desc.replace(INSTANCE_TYPE, LINEAR_TYPE);
      return;
    }
    code.remove(instance.getPrevious());
    code.set(instance, memory);
    var field = "g" + index;
    if (call.name.equals("readGlobal")) {
      code.set(call, new FieldInsnNode(Opcodes.GETFIELD, LINEAR, field, "J"));
    } else {
      code.insertBefore(call, new InsnNode(Opcodes.DUP_X2));
      code.insertBefore(call, new InsnNode(Opcodes.POP));
      code.set(call, new FieldInsnNode(Opcodes.PUTFIELD, LINEAR, field, "J"));
      method.maxStack++;
    }
  }

  /** The number that an instruction pushes; -1 if it pushes none, or a negative one. */
  private static int constant(@Nullable AbstractInsnNode instruction) {
    return switch (instruction) {
      case InsnNode small
          when small.getOpcode() >= Opcodes.ICONST_0 && small.getOpcode() <= Opcodes.ICONST_5 ->
          small.getOpcode() - Opcodes.ICONST_0;
      case IntInsnNode push when push.getOpcode() != Opcodes.NEWARRAY -> push.operand;
      case LdcInsnNode load when load.cst instanceof Integer number -> number;
      case null, default -> -1;
    };
  }

  /** The local variable that holds the memory from the method's start; -1 if there is none. */
  private static int memorySlot(MethodNode method) {
    var slot = (method.access & Opcodes.ACC_STATIC) == 0 ? 1 : 0;
    for (var parameter : Type.getArgumentTypes(method.desc)) {
      if (parameter.getDescriptor().equals(MEMORY_TYPE)) {
        return slot;
      }
      slot += parameter.getSize();
    }
    return -1;
  }

  private static String linear(String descriptor) {
    return descriptor.replace(MEMORY_TYPE, LINEAR_TYPE);
  }

  private static @Nullable List<Object> linear(@Nullable List<Object> frame) {
    return frame == null
        ? null
        : frame.stream().map(type -> MEMORY.equals(type) ? LINEAR : type).toList();
  }
}

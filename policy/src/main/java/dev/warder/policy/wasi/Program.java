package dev.warder.policy.wasi;

import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.Export;
import com.dylibso.chicory.wasm.types.ExternalType;
import com.dylibso.chicory.wasm.types.FunctionType;
import dev.warder.policy.wasi.machine.BlockSharing;
import dev.warder.policy.wasi.machine.Image;
import dev.warder.policy.wasi.machine.LinearMemory;
import java.lang.ref.WeakReference;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A compiled module as it is run: its classes, and the images that evaluations start from. */
final class Program {
  /** The name of the part that holds the module without its code. */
  static final String SKELETON = "skeleton";

  private final WasmModule skeleton;
  private final List<ModuleImport> imports;
  private final ProgramFacts facts;
  private final BlobSource blobs;
  private final BlockSharing sharing;
  private final OptionalInt start;
  private final Map<Origin, Image> images = new EnumMap<>(Origin.class);
  private final Map<Origin, WeakReference<Image>> rareImages = new EnumMap<>(Origin.class);
  private volatile Instances instances;
  private WeakReference<Program> another = new WeakReference<>(null);

  /** Where an evaluation starts. */
  enum Origin {
    BEGINNING("image/beginning"),
    VALIDATE("image/validate"),
    VALIDATE_SETTINGS("image/validate-settings");

    private final String blob;

    Origin(String blob) {
      this.blob = blob;
    }

    /** The name of the part that holds its image. */
    String blob() {
      return blob;
    }

    static Origin snapshotOf(Command command) {
      return switch (command) {
        case VALIDATE -> VALIDATE;
        case VALIDATE_SETTINGS -> VALIDATE_SETTINGS;
      };
    }
  }

  Program(
      WasmModule skeleton,
      List<ModuleImport> imports,
      ProgramFacts facts,
      BlobSource blobs,
      BlockSharing sharing) {
    this.skeleton = skeleton;
    this.imports = imports;
    this.facts = facts;
    this.blobs = blobs;
    this.sharing = sharing;
    this.start = findStart();
    this.instances = load();
  }

  /** The same program, which shares no loaded class with this one; one while it is in use. */
  synchronized Program another() {
    var known = another.get();
    if (known == null) {
      known = new Program(skeleton, imports, facts, blobs, sharing);
      another = new WeakReference<>(known);
    }
    return known;
  }

  private Instances load() {
    return new Instances(skeleton, new ProgramClassLoader(blobs).machines());
  }

  ProgramFacts facts() {
    return facts;
  }

  /**
   * Makes a new instance, and runs its start function if it has one.
   *
   * @param onMemory hears of the memory before any code runs
   */
  LiveInstance instantiate(GuestSlot slot, int budgetPages, Consumer<LinearMemory> onMemory) {
    return instances.make(ModuleImport.bound(imports, slot), budgetPages, onMemory);
  }

  /**
   * Forgets the loaded classes. Where linking one of them failed, say at the end of a guest's
   * stack, the virtual machine remembers the failure for good.
   */
  void reload() {
    instances = load();
  }

  /** Whether instances can be used again, by restoring their image. */
  boolean reusable() {
    return facts.obstacle().isEmpty();
  }

  /** The image of an origin; that of the beginning is rarely needed if there are snapshots. */
  Image image(Origin origin) {
    var rare = origin != Origin.VALIDATE && facts.resumption().isPresent();
    synchronized (images) {
      var known = rare ? ifUsed(origin) : images.get(origin);
      if (known != null) {
        return known;
      }
      var image = ImageCodec.decode(blobs.read(origin.blob()), sharing);
      if (rare) {
        rareImages.put(origin, new WeakReference<>(image));
      } else {
        images.put(origin, image);
      }
      return image;
    }
  }

  private @Nullable Image ifUsed(Origin origin) {
    var reference = rareImages.get(origin);
    return reference == null ? null : reference.get();
  }

  /** Pages that an instance has when it starts from the module's beginning. */
  int initialPages() {
    return skeleton
        .memorySection()
        .filter(section -> section.memoryCount() > 0)
        .map(section -> section.getMemory(0).limits().initialPages())
        .orElse(0);
  }

  /** Whether host functions may use the memory: WASI asks for one exported by this name. */
  boolean exportsMemory() {
    return export("memory", ExternalType.MEMORY).isPresent();
  }

  /** The {@code _start} that takes and gives nothing, as that of every command. */
  OptionalInt start() {
    return start;
  }

  private OptionalInt findStart() {
    return export("_start", ExternalType.FUNCTION)
        .filter(
            export -> {
              var type = functionType(export.index());
              return type.params().isEmpty() && type.returns().isEmpty();
            })
        .map(export -> OptionalInt.of(export.index()))
        .orElse(OptionalInt.empty());
  }

  private FunctionType functionType(int function) {
    var imported = imports.size();
    return function < imported
        ? imports.get(function).function().type()
        : skeleton
            .typeSection()
            .getType(skeleton.functionSection().getFunctionType(function - imported));
  }

  private Optional<Export> export(String name, ExternalType type) {
    var exports = skeleton.exportSection();
    return IntStream.range(0, exports.exportCount())
        .mapToObj(exports::getExport)
        .filter(export -> export.name().equals(name) && export.exportType() == type)
        .findFirst();
  }
}

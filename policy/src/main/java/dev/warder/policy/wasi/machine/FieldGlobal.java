package dev.warder.policy.wasi.machine;

import com.dylibso.chicory.runtime.GlobalInstance;
import com.dylibso.chicory.wasm.types.MutabilityType;
import com.dylibso.chicory.wasm.types.ValType;
import com.dylibso.chicory.wasm.types.Value;

/** A global that lives in a field of {@link GlobalFields}, for code that is interpreted. */
public final class FieldGlobal extends GlobalInstance {
  private final GlobalFields fields;
  private final int index;

  /** Sets the field to the global's first value. */
  public FieldGlobal(
      GlobalFields fields, int index, long value, ValType type, MutabilityType mutability) {
    super(value, 0, type, mutability);
    this.fields = fields;
    this.index = index;
    fields.setGlobal(index, value);
  }

  @Override
  public long getValue() {
    return fields.global(index);
  }

  @Override
  public long getValueLow() {
    return fields.global(index);
  }

  @Override
  public void setValue(long value) {
    fields.setGlobal(index, value);
  }

  @Override
  public void setValue(Value value) {
    fields.setGlobal(index, value.raw());
  }

  @Override
  public void setValueLow(long value) {
    fields.setGlobal(index, value);
  }
}

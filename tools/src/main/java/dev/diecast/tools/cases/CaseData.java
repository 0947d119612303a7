package dev.diecast.tools.cases;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.diecast.kernels.ArgReader;
import dev.diecast.plans.StepState;
import dev.diecast.plans.gguf.BlockDecoder;
import dev.diecast.plans.gguf.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a case gives its kernel, read as numbers: a copy of the buffers before the run. */
public final class CaseData {
  private final KernelCase of;
  private final ArgReader args;
  private final Map<String, MemorySegment> slots = new LinkedHashMap<>();

  /** Copies the buffers as they are now. */
  public CaseData(KernelCase of, CaseMemory memory) {
    this.of = of;
    this.args = of.contract().args().reader(of.packedArgs());
    memory
        .slots()
        .forEach(
            (slot, segment) -> slots.put(slot, MemorySegment.ofArray(segment.toArray(JAVA_BYTE))));
  }

  /** The case. */
  public KernelCase of() {
    return of;
  }

  /** An int32 argument. */
  public int i32(String arg) {
    return args.i32(arg);
  }

  /** An int64 argument. */
  public long i64(String arg) {
    return args.i64(arg);
  }

  /** A float32 argument. */
  public double f32(String arg) {
    return args.f32(arg);
  }

  /** A function constant. */
  public long constant(String name) {
    Long value = of.constants().get(name);
    if (value == null) {
      throw new IllegalArgumentException(of + " has no constant '" + name + "'");
    }
    return value;
  }

  /** Whether a slot is bound. */
  public boolean bound(String slot) {
    return slots.containsKey(slot);
  }

  /** T of the contracts: tokens of the step. */
  public int tokens() {
    return Math.clamp(stateInt(StepState.ACTIVE), 0, i32("n_tokens"));
  }

  /** Position of the step's first token. */
  public int position() {
    return stateInt(StepState.POSITION);
  }

  /** An int32 of the step state. */
  public int stateInt(long offset) {
    return slot("step").get(JAVA_INT_UNALIGNED, offset);
  }

  /** A float32 of the step state. */
  public double stateFloat(long offset) {
    return slot("step").get(JAVA_FLOAT_UNALIGNED, offset);
  }

  /** An int64 of the step state. */
  public long stateLong(long offset) {
    return slot("step").get(JAVA_LONG_UNALIGNED, offset);
  }

  /** The float32 at an index. */
  public double at(String slot, long index) {
    return slot(slot).get(JAVA_FLOAT_UNALIGNED, 4 * index);
  }

  /** The float16 at an index. */
  public double half(String slot, long index) {
    return Float.float16ToFloat(slot(slot).get(JAVA_SHORT_UNALIGNED, 2 * index));
  }

  /** The float64 at an index. */
  public double f64(String slot, long index) {
    return slot(slot).get(JAVA_DOUBLE_UNALIGNED, 8 * index);
  }

  /** The int32 at an index. */
  public int id(String slot, long index) {
    return slot(slot).get(JAVA_INT_UNALIGNED, 4 * index);
  }

  /** Values from an index on: float32, or float16 where the slot holds those. */
  public double[] values(String slot, long from, int count) {
    double[] values = new double[count];
    boolean halves = of.content(slot).element() == Element.HALF;
    for (int i = 0; i < count; i++) {
      values[i] = halves ? half(slot, from + i) : at(slot, from + i);
    }
    return values;
  }

  /** Values of a slot that may be unbound, in which case they are zeros. */
  public double[] valuesIfBound(String slot, long from, int count) {
    return bound(slot) ? values(slot, from, count) : new double[count];
  }

  /** A row of weights that starts at a byte. */
  public double[] row(String slot, long offset, int cols) {
    if (!(of.content(slot) instanceof Content.Blocks blocks)) {
      throw new IllegalArgumentException(of + ": slot '" + slot + "' holds no weights");
    }
    double[] values = new double[cols];
    TensorType type = blocks.type();
    BlockDecoder.decode(type, slot(slot), offset, cols, values, 0);
    return values;
  }

  /** The bytes of a slot. */
  MemorySegment slot(String slot) {
    MemorySegment segment = slots.get(slot);
    if (segment == null) {
      throw new IllegalArgumentException(of + ": slot '" + slot + "' is not bound");
    }
    return segment;
  }
}

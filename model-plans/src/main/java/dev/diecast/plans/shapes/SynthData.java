package dev.diecast.plans.shapes;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.diecast.plans.gguf.TensorData;
import dev.diecast.plans.gguf.TensorInfo;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The values of a synthetic model: what each tensor holds, by its name. */
record SynthData(long seed) implements TensorData {
  @Override
  public void fill(TensorInfo tensor, long from, MemorySegment to) {
    String name = tensor.name();
    if (name.endsWith("_norm.weight")) {
      floats(to, from, i -> 1);
    } else if (name.equals("rope_freqs.weight")) {
      floats(to, from, i -> ropeFactor(i, tensor.dim(0)));
    } else {
      new SynthBlocks(seed ^ mix(name, from)).fill(tensor.type(), deviation(tensor), to);
    }
  }

  /** Where a chunk of values starts differs in every bit from where another does. */
  private static long mix(String name, long from) {
    return SynthBlocks.scramble(name.hashCode() * 0x9e3779b97f4a7c15L + from);
  }

  private static double deviation(TensorInfo tensor) {
    if (tensor.name().endsWith(".bias")) {
      return 0.1;
    }
    // The absorbed key matrix is stored transposed: its inputs in the maths are its rows here.
    boolean transposed = tensor.name().endsWith("attn_k_b.weight");
    return 1 / Math.sqrt((double) tensor.dim(transposed ? 1 : 0));
  }

  /** A value by its index in the tensor. */
  private interface Value {
    double at(long index);
  }

  private static void floats(MemorySegment to, long from, Value value) {
    ValueLayout.OfFloat layout = JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    for (long p = 0; p < to.byteSize(); p += Float.BYTES) {
      to.set(layout, p, (float) value.at((from + p) / Float.BYTES));
    }
  }

  /**
   * Llama 3's frequency factors, from its published configuration: base 5e5, wavelengths beyond
   * 8192 stretched by 32, those below 8192 / 4 kept, a smooth passage between.
   */
  private static double ropeFactor(long i, long pairs) {
    double wavelength = 2 * Math.PI * Math.pow(5e5, (double) i / pairs);
    double smooth = (8192 / wavelength - 1) / (4 - 1);
    double kept = Math.clamp(smooth, 0, 1);
    return 1 / ((1 - kept) / 32 + kept);
  }
}

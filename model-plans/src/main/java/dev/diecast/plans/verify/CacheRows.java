package dev.diecast.plans.verify;

import dev.diecast.kernels.ArgReader;
import dev.diecast.kernels.KernelContract;
import dev.diecast.kernels.Slot;
import org.jspecify.annotations.Nullable;

/**
 * A kernel that walks the KV cache does so for the positions of the model's context, and the range
 * it is given has a row of float16 values for each.
 */
final class CacheRows {
  private static final String CAPACITY = "capacity";

  private CacheRows() {}

  /** What is wrong with a slot in a KV cache, or null. */
  static @Nullable String fault(
      KernelContract contract, ArgReader args, Slot slot, long bytes, long context) {
    String stride = stride(slot);
    if (!has(contract, CAPACITY) || !has(contract, stride)) {
      return null;
    }
    long capacity = args.i32(CAPACITY);
    if (capacity != context) {
      return "capacity = " + capacity + ", but the model's context is " + context;
    }
    long values = args.i32(stride);
    // The kernel knows how wide a row is; here, the last must at least begin inside.
    if (values < 1 || (capacity - 1) * values >= bytes / Short.BYTES) {
      return capacity
          + " rows with a stride of "
          + values
          + " values are not inside its "
          + bytes
          + " bytes";
    }
    return null;
  }

  /** {@code row_stride} of the slot cache, {@code k_row_stride} of the slots k and k_cache. */
  private static String stride(Slot slot) {
    String prefix = slot.name().equals("cache") ? "" : slot.name().replace("_cache", "") + "_";
    return prefix + "row_stride";
  }

  private static boolean has(KernelContract contract, String field) {
    return contract.args().fields().stream().anyMatch(known -> known.name().equals(field));
  }
}

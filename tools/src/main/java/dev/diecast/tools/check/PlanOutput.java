package dev.diecast.tools.check;

import dev.diecast.capture.graph.Value;
import dev.diecast.plans.PlanException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A value of the trace that a dispatch writes.
 *
 * @param where the dispatch, for errors
 * @param slot the kernel's slot
 * @param value the value
 * @param written its place among the bindings that the dispatch writes
 * @param kind what its elements are
 * @param rowStride elements from one row to the next
 * @param positionStride elements from one position to the next, in a KV cache; 0 elsewhere
 */
record PlanOutput(
    String where,
    String slot,
    Value value,
    int written,
    Kind kind,
    long rowStride,
    long positionStride) {
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt I32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort F16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Elements in memory. */
  enum Kind {
    FLOAT32(4),
    INT32(4),
    FLOAT16(2);

    private final int bytes;

    Kind(int bytes) {
      this.bytes = bytes;
    }
  }

  /** The value of the token at that position, row by row. */
  double[] read(MemorySegment bytes, int position) {
    double[] all = new double[Math.toIntExact(value.elements())];
    long first = position * positionStride;
    long reach = first + (value.rows() - 1) * rowStride + value.width();
    if (rowStride < 0 || positionStride < 0 || reach * kind.bytes > bytes.byteSize()) {
      throw new PlanException(where + ": slot '" + slot + "' reaches past what the plan binds");
    }
    for (int row = 0; row < value.rows(); row++) {
      for (int column = 0; column < value.width(); column++) {
        long at = (first + row * rowStride + column) * kind.bytes;
        all[row * value.width() + column] = element(bytes, at);
      }
    }
    return all;
  }

  private double element(MemorySegment bytes, long at) {
    return switch (kind) {
      case FLOAT32 -> bytes.get(F32, at);
      case INT32 -> bytes.get(I32, at);
      case FLOAT16 -> Float.float16ToFloat(bytes.get(F16, at));
    };
  }
}

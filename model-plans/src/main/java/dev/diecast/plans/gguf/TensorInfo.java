package dev.diecast.plans.gguf;

import java.util.List;

/**
 * One entry of a tensor table.
 *
 * @param name the GGUF name, for example {@code blk.0.attn_q.weight}
 * @param type element type
 * @param shape GGUF order: row length first, then rows, then matrices
 * @param fileIndex which part of a split model holds it
 * @param fileOffset its first byte in that part, absolute
 * @param bytes its size
 */
public record TensorInfo(
    String name, TensorType type, List<Long> shape, int fileIndex, long fileOffset, long bytes) {
  /** An entry with its own copy of the shape. */
  public TensorInfo {
    shape = List.copyOf(shape);
  }

  /** The extent of dimension i, 1 beyond the last. */
  public long dim(int i) {
    return i < shape.size() ? shape.get(i) : 1;
  }

  /** Bytes of one row. */
  public long rowBytes() {
    return type.rowBytes(dim(0));
  }
}

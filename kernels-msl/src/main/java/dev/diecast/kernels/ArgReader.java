package dev.diecast.kernels;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads the fields of a packed argument struct by name. Used while binding, never while a token
 * runs.
 */
public final class ArgReader {
  private final ArgStruct struct;
  private final ByteBuffer bytes;

  ArgReader(ArgStruct struct, byte[] packed) {
    if (packed.length != struct.byteSize()) {
      throw new IllegalArgumentException(
          "argument struct is " + struct.byteSize() + " bytes, the plan gives " + packed.length);
    }
    this.struct = struct;
    this.bytes = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Whether the struct has a field of that name. */
  public boolean has(String name) {
    return struct.fields().stream().anyMatch(field -> field.name().equals(name));
  }

  /** A 32-bit integer field. */
  public int i32(String name) {
    return bytes.getInt(struct.offsetOf(name));
  }

  /** A 64-bit integer field. */
  public long i64(String name) {
    return bytes.getLong(struct.offsetOf(name));
  }

  /** A 32-bit float field. */
  public float f32(String name) {
    return bytes.getFloat(struct.offsetOf(name));
  }
}

package dev.diecast.plans.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Puts a GGUF together byte by byte, right or wrong. */
final class HeaderBytes {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** The fixed start of version 3. */
  static HeaderBytes start(long tensors, long entries) {
    HeaderBytes header = new HeaderBytes();
    header.bytes.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    return header.u32(3).u64(tensors).u64(entries);
  }

  /** One float32 tensor of one dimension. */
  static HeaderBytes tensor(long extent, long offset) {
    return start(1, 0).tensor("t", 0, offset, extent);
  }

  HeaderBytes tensor(String name, int type, long offset, long... shape) {
    text(name).u32(shape.length);
    for (long extent : shape) {
      u64(extent);
    }
    return u32(type).u64(offset);
  }

  HeaderBytes u8(int value) {
    bytes.write(value);
    return this;
  }

  HeaderBytes u32(int value) {
    bytes.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    return this;
  }

  HeaderBytes u64(long value) {
    bytes.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    return this;
  }

  HeaderBytes text(String value) {
    byte[] raw = value.getBytes(StandardCharsets.UTF_8);
    u64(raw.length);
    bytes.writeBytes(raw);
    return this;
  }

  /** So many bytes of zeros. */
  HeaderBytes zeros(int count) {
    bytes.writeBytes(new byte[count]);
    return this;
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }
}

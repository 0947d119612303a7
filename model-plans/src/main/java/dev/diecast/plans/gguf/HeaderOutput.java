package dev.diecast.plans.gguf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Encodes the header of a GGUF version 3 into a small buffer that a drain empties: a file, a digest
 * or nothing at all when only the size is wanted.
 */
final class HeaderOutput {
  /** Takes the bytes that have gathered. */
  interface Drain {
    void accept(ByteBuffer bytes);
  }

  private static final int MAGIC = 0x46554747; // "GGUF" in file order

  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
  private final Drain drain;
  private long drained;

  HeaderOutput(Drain drain) {
    this.drain = drain;
  }

  /** An output that only counts. */
  static HeaderOutput counting() {
    return new HeaderOutput(bytes -> {});
  }

  /** Bytes put so far. */
  long total() {
    return drained + buffer.position();
  }

  void flush() {
    drained += buffer.position();
    buffer.flip();
    drain.accept(buffer);
    buffer.clear();
  }

  /** The fixed start and the metadata; the tensors follow. */
  void start(int tensors, Map<String, MetaValue> metadata) {
    u32(MAGIC);
    u32(3);
    u64(tensors);
    u64(metadata.size());
    metadata.forEach(this::entry);
  }

  /** One tensor; the offset counts from the data section. */
  void tensor(String name, TensorType type, List<Long> shape, long offset) {
    text(name);
    u32(shape.size());
    shape.forEach(this::u64);
    u32(type.id());
    u64(offset);
  }

  void entry(String key, MetaValue value) {
    text(key);
    u32(typeOf(value).id());
    value(value);
  }

  void u32(int value) {
    room(4).putInt(value);
  }

  void u64(long value) {
    room(8).putLong(value);
  }

  void text(String value) {
    byte[] raw = value.getBytes(StandardCharsets.UTF_8);
    u64(raw.length);
    if (raw.length <= buffer.capacity()) {
      room(raw.length).put(raw);
    } else {
      flush();
      drained += raw.length;
      drain.accept(ByteBuffer.wrap(raw));
    }
  }

  private ByteBuffer room(int bytes) {
    if (buffer.remaining() < bytes) {
      flush();
    }
    return buffer;
  }

  private static MetaValue.Type typeOf(MetaValue value) {
    return switch (value) {
      case MetaValue.Int v -> v.type();
      case MetaValue.Real v -> v.type();
      case MetaValue.Bool _ -> MetaValue.Type.BOOL;
      case MetaValue.Text _ -> MetaValue.Type.STRING;
      default -> MetaValue.Type.ARRAY;
    };
  }

  private void value(MetaValue value) {
    switch (value) {
      case MetaValue.Int v -> integer(v.type(), v.value());
      case MetaValue.Real v -> real(v.type(), v.value());
      case MetaValue.Bool v -> bool(v.value());
      case MetaValue.Text v -> text(v.value());
      case MetaValue.Ints v -> {
        array(v.element(), v.values().length);
        for (long item : v.values()) {
          integer(v.element(), item);
        }
      }
      case MetaValue.Reals v -> {
        array(v.element(), v.values().length);
        for (double item : v.values()) {
          real(v.element(), item);
        }
      }
      case MetaValue.Bools v -> {
        array(MetaValue.Type.BOOL, v.values().length);
        for (boolean item : v.values()) {
          bool(item);
        }
      }
      case MetaValue.Texts v -> {
        array(MetaValue.Type.STRING, v.values().size());
        v.values().forEach(this::text);
      }
      case MetaValue.Nested v -> {
        array(MetaValue.Type.ARRAY, v.values().size());
        v.values().forEach(this::value);
      }
    }
  }

  private void array(MetaValue.Type element, int count) {
    u32(element.id());
    u64(count);
  }

  private void bool(boolean value) {
    room(1).put((byte) (value ? 1 : 0));
  }

  private void real(MetaValue.Type type, double value) {
    if (type == MetaValue.Type.FLOAT32) {
      u32(Float.floatToRawIntBits((float) value));
    } else {
      u64(Double.doubleToRawLongBits(value));
    }
  }

  private void integer(MetaValue.Type type, long value) {
    switch (type.bytes()) {
      case 1 -> room(1).put((byte) value);
      case 2 -> room(2).putShort((short) value);
      case 4 -> u32((int) value);
      default -> u64(value);
    }
  }
}

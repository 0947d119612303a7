package dev.diecast.kernels;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The argument struct of a kernel: fields in declaration order, laid out as C does (natural
 * alignment, size rounded up to the largest alignment), little-endian. The planner packs by field
 * name, so host and kernel cannot drift apart.
 */
public record ArgStruct(List<ArgField> fields) {
  /** An ordered struct; field names must be distinct. */
  public ArgStruct {
    fields = List.copyOf(fields);
    Set<String> names = new HashSet<>();
    for (ArgField field : fields) {
      if (!names.add(field.name())) {
        throw new IllegalArgumentException("argument struct declares '" + field.name() + "' twice");
      }
    }
  }

  /** Byte offset of a field. */
  public int offsetOf(String name) {
    int offset = 0;
    for (ArgField field : fields) {
      offset = align(offset, field.type().bytes());
      if (field.name().equals(name)) {
        return offset;
      }
      offset += field.type().bytes();
    }
    throw new IllegalArgumentException("argument struct has no field '" + name + "'");
  }

  /** Size of the struct in bytes, padding included. */
  public int byteSize() {
    int offset = 0;
    int widest = 1;
    for (ArgField field : fields) {
      offset = align(offset, field.type().bytes()) + field.type().bytes();
      widest = Math.max(widest, field.type().bytes());
    }
    return align(offset, widest);
  }

  /** Packs the values by field name; every field must be given and no other. */
  public byte[] pack(Map<String, ? extends Number> values) {
    ByteBuffer out = ByteBuffer.allocate(byteSize()).order(ByteOrder.LITTLE_ENDIAN);
    for (ArgField field : fields) {
      Number value = values.get(field.name());
      if (value == null) {
        throw new IllegalArgumentException("no value for argument '" + field.name() + "'");
      }
      int at = offsetOf(field.name());
      switch (field.type()) {
        case I32 -> out.putInt(at, Math.toIntExact(value.longValue()));
        case I64 -> out.putLong(at, value.longValue());
        case F32 -> out.putFloat(at, value.floatValue());
      }
    }
    if (values.size() != fields.size()) {
      Set<String> unknown = new HashSet<>(values.keySet());
      fields.forEach(field -> unknown.remove(field.name()));
      throw new IllegalArgumentException("arguments that the kernel does not declare: " + unknown);
    }
    return out.array();
  }

  /** A view that reads packed argument bytes by field name. */
  public ArgReader reader(byte[] packed) {
    return new ArgReader(this, packed);
  }

  private static int align(int offset, int alignment) {
    return (offset + alignment - 1) / alignment * alignment;
  }
}

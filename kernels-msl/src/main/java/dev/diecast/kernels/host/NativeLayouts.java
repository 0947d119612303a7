package dev.diecast.kernels.host;

import static java.lang.foreign.MemoryLayout.sequenceLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** The structs of the runtime's C interface, as {@code runtime.h} has them. */
final class NativeLayouts {
  static final long NAME_BYTES = 64;

  static final StructLayout LAUNCH =
      structLayout(
          ADDRESS.withName("entry"),
          ADDRESS.withName("bindings"),
          ADDRESS.withName("findings"),
          JAVA_LONG.withName("binding_count"),
          JAVA_LONG.withName("finding_capacity"),
          JAVA_LONG.withName("finding_count"),
          sequenceLayout(3, JAVA_INT).withName("groups"),
          sequenceLayout(3, JAVA_INT).withName("threads"),
          JAVA_INT.withName("schedule"),
          JAVA_INT.withName("seed"),
          JAVA_INT.withName("checked"),
          JAVA_INT.withName("seconds"));

  static final StructLayout BINDING =
      structLayout(
          ADDRESS.withName("data"),
          JAVA_LONG.withName("bytes"),
          ADDRESS.withName("name"),
          JAVA_LONG.withName("flags"),
          JAVA_LONG.withName("read"),
          JAVA_LONG.withName("written"),
          JAVA_LONG.withName("distinct_read"),
          JAVA_LONG.withName("distinct_written"));

  static final StructLayout FINDING =
      structLayout(
          JAVA_INT.withName("kind"),
          JAVA_INT.withName("write"),
          JAVA_INT.withName("other_write"),
          JAVA_INT.withName("thread"),
          JAVA_INT.withName("other_thread"),
          JAVA_INT.withName("lacking"),
          JAVA_LONG.withName("group"),
          JAVA_LONG.withName("other_group"),
          JAVA_LONG.withName("pc"),
          JAVA_LONG.withName("other_pc"),
          JAVA_LONG.withName("offset"),
          JAVA_LONG.withName("bytes"),
          JAVA_LONG.withName("count"),
          sequenceLayout(NAME_BYTES, JAVA_BYTE).withName("name"),
          sequenceLayout(NAME_BYTES, JAVA_BYTE).withName("other_name"));

  private NativeLayouts() {}

  static long offset(MemoryLayout layout, String field) {
    return layout.byteOffset(PathElement.groupElement(field));
  }

  static int getInt(StructLayout layout, MemorySegment at, String field) {
    return at.get(JAVA_INT, offset(layout, field));
  }

  static long getLong(StructLayout layout, MemorySegment at, String field) {
    return at.get(JAVA_LONG, offset(layout, field));
  }

  static void put(StructLayout layout, MemorySegment at, String field, int value) {
    at.set(JAVA_INT, offset(layout, field), value);
  }

  static void put(StructLayout layout, MemorySegment at, String field, long value) {
    at.set(JAVA_LONG, offset(layout, field), value);
  }

  static void put(StructLayout layout, MemorySegment at, String field, MemorySegment value) {
    at.set(ADDRESS, offset(layout, field), value);
  }
}

package dev.diecast.plans.gguf;

import dev.diecast.plans.PlanException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the tensor table of a GGUF part and proves that the data of every tensor is there. */
final class TensorTable {
  private static final int MAX_NAME_BYTES = 1024;
  private static final int MAX_DIMS = 4;

  private final Cursor cursor;
  private final long alignment;
  private final int part;

  TensorTable(Cursor cursor, long alignment, int part) {
    this.cursor = cursor;
    this.alignment = alignment;
    this.part = part;
  }

  /** An entry as stored: its place in the file, and the data offset from the data section. */
  private record Entry(
      long at, String name, TensorType type, List<Long> shape, long bytes, long offset) {}

  List<TensorInfo> read(long count) {
    List<Entry> entries = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (long i = 0; i < count; i++) {
      Entry entry = entry();
      if (!names.add(entry.name)) {
        throw cursor.errorAt(entry.at, "tensor '" + entry.name + "' occurs twice");
      }
      entries.add(entry);
    }
    long dataStart = GgufLayout.alignUp(cursor.at(), alignment);
    List<TensorInfo> tensors = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      tensors.add(place(entry, dataStart));
    }
    checkOverlaps(entries);
    return List.copyOf(tensors);
  }

  private Entry entry() {
    long at = cursor.at();
    String name = cursor.text("a tensor name", MAX_NAME_BYTES);
    long dimsAt = cursor.at();
    int dims = cursor.i32("the dimensions of tensor '" + name + "'");
    if (dims < 1 || dims > MAX_DIMS) {
      throw cursor.errorAt(
          dimsAt,
          "tensor '"
              + name
              + "' has "
              + Integer.toUnsignedString(dims)
              + " dimensions, not 1 to 4");
    }
    List<Long> shape = shape(name, dims);
    TensorType type = type(name);
    long bytes = bytes(at, name, type, shape);
    long offset = cursor.u64("the offset of tensor '" + name + "'");
    return new Entry(at, name, type, shape, bytes, offset);
  }

  private List<Long> shape(String name, int dims) {
    List<Long> shape = new ArrayList<>(dims);
    for (int i = 0; i < dims; i++) {
      long start = cursor.at();
      long extent = cursor.u64("the shape of tensor '" + name + "'");
      if (extent <= 0) {
        throw cursor.errorAt(
            start, "tensor '" + name + "' has an extent of " + Long.toUnsignedString(extent));
      }
      shape.add(extent);
    }
    return shape;
  }

  private TensorType type(String name) {
    long start = cursor.at();
    int id = cursor.i32("the type of tensor '" + name + "'");
    return TensorType.ofId(id)
        .orElseThrow(() ->
            cursor.errorAt(
                start,
                "tensor '" + name + "' has the unknown type " + Integer.toUnsignedString(id)));
  }

  private long bytes(long at, String name, TensorType type, List<Long> shape) {
    try {
      return GgufLayout.tensorBytes(type, shape);
    } catch (PlanException e) {
      throw cursor.errorAt(at, "tensor '" + name + "'", e);
    }
  }

  private TensorInfo place(Entry entry, long dataStart) {
    String tensor = "the data of tensor '" + entry.name + "' ";
    if (entry.offset % alignment != 0) {
      throw cursor.errorAt(
          entry.at,
          tensor
              + "is at offset "
              + Long.toUnsignedString(entry.offset)
              + ", not a multiple of "
              + alignment);
    }
    long room = cursor.size() - dataStart;
    if (entry.offset < 0 || entry.offset > room || entry.bytes > room - entry.offset) {
      throw cursor.errorAt(
          entry.at,
          tensor
              + "("
              + entry.bytes
              + " bytes at offset "
              + Long.toUnsignedString(entry.offset)
              + ") reaches beyond the end of the file");
    }
    return new TensorInfo(
        entry.name, entry.type, entry.shape, part, dataStart + entry.offset, entry.bytes);
  }

  private void checkOverlaps(List<Entry> entries) {
    List<Entry> sorted = entries.stream().sorted(Comparator.comparingLong(Entry::offset)).toList();
    for (int i = 1; i < sorted.size(); i++) {
      Entry before = sorted.get(i - 1);
      Entry after = sorted.get(i);
      if (before.offset + before.bytes > after.offset) {
        throw cursor.errorAt(
            after.at,
            "the data of tensor '" + after.name + "' overlaps that of '" + before.name + "'");
      }
    }
  }
}

package dev.diecast.plans.gguf;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/**
 * The header of one GGUF part, parsed and checked.
 *
 * @param metadata its own entries; only the first part of a split model has more than a few
 * @param tensors its tensors, each proven to lie inside the part
 */
record GgufPart(Map<String, MetaValue> metadata, List<TensorInfo> tensors) {
  static final String ALIGNMENT_KEY = "general.alignment";
  static final long DEFAULT_ALIGNMENT = 32;

  private static final int MAGIC = 0x46554747; // "GGUF" in file order
  private static final long SMALLEST_ENTRY = 8 + 4 + 1;
  private static final long SMALLEST_TENSOR = 8 + 4 + 8 + 4 + 8;
  private static final long MAX_ENTRIES = 1 << 20;

  /** Parses the bytes of part {@code index}; errors start with the location and the byte. */
  static GgufPart parse(MemorySegment bytes, String location, int index) {
    Cursor cursor = new Cursor(bytes, location);
    checkMagicAndVersion(cursor);
    long tensors = cursor.count("the tensor count", SMALLEST_TENSOR, MAX_ENTRIES);
    long entries = cursor.count("the metadata count", SMALLEST_ENTRY, MAX_ENTRIES);
    Map<String, MetaValue> metadata = new MetaReader(cursor).entries(entries);
    long alignment = alignment(metadata, cursor);
    return new GgufPart(metadata, new TensorTable(cursor, alignment, index).read(tensors));
  }

  private static void checkMagicAndVersion(Cursor cursor) {
    if (cursor.i32("the magic number") != MAGIC) {
      throw cursor.errorAt(0, "not a GGUF file: it does not start with 'GGUF'");
    }
    int version = cursor.i32("the version");
    if (version != 0 && (version & 0xffff) == 0) {
      throw cursor.errorAt(4, "a big-endian GGUF; only little-endian files are read");
    }
    if (version != 2 && version != 3) {
      throw cursor.errorAt(
          4, "GGUF version " + Integer.toUnsignedString(version) + "; versions 2 and 3 are read");
    }
  }

  private static long alignment(Map<String, MetaValue> metadata, Cursor cursor) {
    MetaValue value = metadata.get(ALIGNMENT_KEY);
    if (value == null) {
      return DEFAULT_ALIGNMENT;
    }
    if (value instanceof MetaValue.Int(var _, long alignment)
        && alignment > 0
        && Long.bitCount(alignment) == 1) {
      return alignment;
    }
    throw cursor.errorAt(
        cursor.at(), "metadata '" + ALIGNMENT_KEY + "' is not a positive power of two");
  }
}

package dev.diecast.plans.gguf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the metadata of a GGUF part. Arrays and texts draw on budgets far above any real model, so
 * that a hostile file cannot make a small heap run out.
 */
final class MetaReader {
  private static final int MAX_KEY_BYTES = 65_535;
  private static final int MAX_TEXT_BYTES = 64 << 20;
  private static final long MAX_TOTAL_TEXT_BYTES = 256L << 20;
  private static final long MAX_ELEMENTS = 8L << 20;
  private static final int MAX_DEPTH = 8;

  private final Cursor cursor;
  private long elementsLeft = MAX_ELEMENTS;
  private long textLeft = MAX_TOTAL_TEXT_BYTES;

  MetaReader(Cursor cursor) {
    this.cursor = cursor;
  }

  Map<String, MetaValue> entries(long count) {
    Map<String, MetaValue> entries = new LinkedHashMap<>();
    for (long i = 0; i < count; i++) {
      long start = cursor.at();
      String key = cursor.text("a metadata key", MAX_KEY_BYTES);
      MetaValue value = value(type(key), key, 0);
      if (entries.put(key, value) != null) {
        throw cursor.errorAt(start, "metadata '" + key + "' occurs twice");
      }
    }
    return entries;
  }

  private MetaValue.Type type(String key) {
    long start = cursor.at();
    int id = cursor.i32("the type of '" + key + "'");
    return MetaValue.Type.ofId(id)
        .orElseThrow(() ->
            cursor.errorAt(
                start,
                "metadata '" + key + "' has the unknown type " + Integer.toUnsignedString(id)));
  }

  private MetaValue value(MetaValue.Type type, String key, int depth) {
    return switch (type) {
      case BOOL -> new MetaValue.Bool(bool(key));
      case STRING -> new MetaValue.Text(text(key));
      case FLOAT32, FLOAT64 -> new MetaValue.Real(type, real(type, key));
      case ARRAY -> array(key, depth);
      default -> new MetaValue.Int(type, integer(type, key));
    };
  }

  private MetaValue array(String key, int depth) {
    long start = cursor.at();
    if (depth == MAX_DEPTH) {
      throw cursor.errorAt(start, "metadata '" + key + "' nests arrays too deeply");
    }
    MetaValue.Type element = type(key);
    long smallest =
        switch (element) {
          case STRING -> 8;
          case ARRAY -> 12;
          default -> element.bytes();
        };
    int count = (int) cursor.count("the size of '" + key + "'", smallest, elementsLeft);
    elementsLeft -= count;
    return switch (element) {
      case STRING -> texts(count, key);
      case ARRAY -> nested(count, key, depth + 1);
      case BOOL -> bools(count, key);
      case FLOAT32, FLOAT64 -> reals(element, count, key);
      default -> ints(element, count, key);
    };
  }

  private MetaValue texts(int count, String key) {
    String[] values = new String[count];
    for (int i = 0; i < count; i++) {
      values[i] = text(key);
    }
    return new MetaValue.Texts(Collections.unmodifiableList(Arrays.asList(values)));
  }

  private MetaValue nested(int count, String key, int depth) {
    List<MetaValue> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(array(key, depth));
    }
    return new MetaValue.Nested(Collections.unmodifiableList(values));
  }

  private MetaValue bools(int count, String key) {
    boolean[] values = new boolean[count];
    for (int i = 0; i < count; i++) {
      values[i] = bool(key);
    }
    return new MetaValue.Bools(values);
  }

  private MetaValue reals(MetaValue.Type element, int count, String key) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = real(element, key);
    }
    return new MetaValue.Reals(element, values);
  }

  private MetaValue ints(MetaValue.Type element, int count, String key) {
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = integer(element, key);
    }
    return new MetaValue.Ints(element, values);
  }

  private String text(String key) {
    long start = cursor.at();
    String text = cursor.text(key, MAX_TEXT_BYTES);
    textLeft -= cursor.at() - start;
    if (textLeft < 0) {
      throw cursor.errorAt(
          start, "the texts of the metadata exceed " + MAX_TOTAL_TEXT_BYTES + " bytes");
    }
    return text;
  }

  private boolean bool(String key) {
    long start = cursor.at();
    int value = cursor.u8(key);
    if (value > 1) {
      throw cursor.errorAt(start, "metadata '" + key + "' has the boolean " + value);
    }
    return value == 1;
  }

  private double real(MetaValue.Type type, String key) {
    return type == MetaValue.Type.FLOAT32
        ? Float.intBitsToFloat(cursor.i32(key))
        : Double.longBitsToDouble(cursor.u64(key));
  }

  private long integer(MetaValue.Type type, String key) {
    return switch (type) {
      case UINT8 -> cursor.u8(key);
      case INT8 -> (byte) cursor.u8(key);
      case UINT16 -> cursor.u16(key);
      case INT16 -> (short) cursor.u16(key);
      case UINT32 -> Integer.toUnsignedLong(cursor.i32(key));
      case INT32 -> cursor.i32(key);
      case UINT64, INT64 -> cursor.u64(key);
      default -> throw new IllegalArgumentException(type + " is no integer");
    };
  }
}

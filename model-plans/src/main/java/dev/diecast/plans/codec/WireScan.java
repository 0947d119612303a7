package dev.diecast.plans.codec;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import dev.diecast.plans.PlanException;
import org.jspecify.annotations.Nullable;

/**
 * A walk over the raw bytes of a message, before it is parsed. It finds what a parser would accept
 * silently (unknown fields), reports with a poor location (truncation, bad text) or pay dearly for:
 * an empty message takes two bytes in the file and a hundred on the heap.
 */
final class WireScan {
  /** Elements of repeated fields, all together. A plan of a large model has a fifth of this. */
  private static final long MAX_ELEMENTS = 1_000_000;

  /** Bytes of one text. Texts are names and labels, which errors repeat. */
  private static final int MAX_TEXT = 16 << 10;

  private final String where;
  private final byte[] bytes;
  private int at;
  private long elements;

  private WireScan(String where, byte[] bytes) {
    this.where = where;
    this.bytes = bytes;
  }

  /** Throws a located {@link PlanException} unless the bytes are a message of that type. */
  static void check(String where, byte[] bytes, Descriptor type) {
    new WireScan(where, bytes).message(type, bytes.length, new Place(null, "", -1));
  }

  /** Where in the message the walk stands; only an error turns it into text. */
  private record Place(@Nullable Place parent, String field, int index) {
    @Override
    public String toString() {
      String self = index < 0 ? field : field + "[" + index + "]";
      return parent == null || parent.field.isEmpty() ? self : parent + "." + self;
    }
  }

  private void message(Descriptor type, int end, Place place) {
    int[] seen = new int[type.getFields().size()];
    while (at < end) {
      long tag = varint(end, place);
      FieldDescriptor field =
          tag >>> 3 > Integer.MAX_VALUE ? null : type.findFieldByNumber((int) (tag >>> 3));
      if (field == null) {
        throw error(place, "unknown field " + (tag >>> 3) + "; a newer version wrote this plan");
      }
      int index = seen[field.getIndex()]++;
      field(field, (int) tag & 7, end, new Place(place, field.getName(), repeated(field, index)));
    }
  }

  private static int repeated(FieldDescriptor field, int index) {
    return field.isRepeated() && !field.isPacked() ? index : -1;
  }

  private void field(FieldDescriptor field, int wireType, int end, Place place) {
    int expected = field.isPacked() ? WireFormat.WIRETYPE_LENGTH_DELIMITED : wireType(field);
    if (wireType != expected) {
      throw error(place, "has wire type " + wireType + ", not " + expected);
    }
    if (field.isRepeated()) {
      count(1, place);
    }
    switch (expected) {
      case WireFormat.WIRETYPE_VARINT -> varint(end, place);
      case WireFormat.WIRETYPE_FIXED64 -> skip(Long.BYTES, end, place);
      case WireFormat.WIRETYPE_FIXED32 -> skip(Integer.BYTES, end, place);
      case WireFormat.WIRETYPE_LENGTH_DELIMITED -> delimited(field, end, place);
      default -> throw error(place, "has wire type " + wireType);
    }
  }

  private static int wireType(FieldDescriptor field) {
    return switch (field.getType()) {
      case STRING, BYTES, MESSAGE -> WireFormat.WIRETYPE_LENGTH_DELIMITED;
      case FIXED64 -> WireFormat.WIRETYPE_FIXED64;
      case FIXED32 -> WireFormat.WIRETYPE_FIXED32;
      default -> WireFormat.WIRETYPE_VARINT;
    };
  }

  private void delimited(FieldDescriptor field, int end, Place place) {
    long length = varint(end, place);
    if (length < 0 || length > end - at) {
      throw error(place, "is cut short: " + length + " bytes announced, " + (end - at) + " left");
    }
    int stop = at + (int) length;
    switch (field.getJavaType()) {
      case MESSAGE -> message(field.getMessageType(), stop, place);
      case STRING -> text(stop, place);
      case BYTE_STRING -> at = stop;
      default -> packed(stop, place);
    }
  }

  private void packed(int stop, Place place) {
    while (at < stop) {
      varint(stop, place);
      count(1, place);
    }
  }

  private void text(int stop, Place place) {
    if (stop - at > MAX_TEXT) {
      throw error(place, "is a text of " + (stop - at) + " bytes, more than " + MAX_TEXT);
    }
    if (!UnsafeByteOperations.unsafeWrap(bytes, at, stop - at).isValidUtf8()) {
      throw error(place, "is not valid UTF-8");
    }
    at = stop;
  }

  private void skip(int length, int end, Place place) {
    if (length > end - at) {
      throw error(place, "is cut short");
    }
    at += length;
  }

  private void count(int more, Place place) {
    elements += more;
    if (elements > MAX_ELEMENTS) {
      throw error(place, "is one of more than " + MAX_ELEMENTS + " elements: no plan is so large");
    }
  }

  private long varint(int end, Place place) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (at >= end) {
        throw error(place, "is cut short");
      }
      byte next = bytes[at++];
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw error(place, "has a number that does not end");
  }

  private PlanException error(Place place, String message) {
    String field = place.toString();
    return new PlanException(
        where + ": damaged plan: " + (field.isEmpty() ? "the file" : field) + " " + message);
  }
}

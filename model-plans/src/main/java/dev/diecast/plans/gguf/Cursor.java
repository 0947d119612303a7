package dev.diecast.plans.gguf;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.diecast.plans.PlanException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A position in the bytes of a GGUF part. Every read is checked against the end and every error
 * says where it happened.
 */
final class Cursor {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment bytes;
  private final String location;
  private byte[] scratch = new byte[256];
  private long at;

  Cursor(MemorySegment bytes, String location) {
    this.bytes = bytes;
    this.location = location;
  }

  long at() {
    return at;
  }

  long size() {
    return bytes.byteSize();
  }

  long remaining() {
    return bytes.byteSize() - at;
  }

  PlanException errorAt(long position, String what) {
    return new PlanException(located(position, what));
  }

  PlanException errorAt(long position, String what, PlanException cause) {
    return new PlanException(located(position, what + ": " + cause.getMessage()), cause);
  }

  private String located(long position, String what) {
    return location + ": at byte " + position + ": " + what;
  }

  /** Refuses a count whose items, of at least so many bytes each, cannot fit in what remains. */
  long count(String what, long itemBytes, long limit) {
    long start = at;
    long count = u64(what);
    if (count < 0 || count > remaining() / itemBytes) {
      throw errorAt(
          start,
          what + " is " + Long.toUnsignedString(count) + ", more than the rest of the file holds");
    }
    if (count > limit) {
      throw errorAt(start, what + " is " + count + ", above the limit of " + limit);
    }
    return count;
  }

  int u8(String what) {
    return bytes.get(JAVA_BYTE, take(1, what)) & 0xff;
  }

  int u16(String what) {
    return bytes.get(SHORT, take(2, what)) & 0xffff;
  }

  int i32(String what) {
    return bytes.get(INT, take(4, what));
  }

  /** Eight bytes; a value of 63 bits or more comes out negative. */
  long u64(String what) {
    return bytes.get(LONG, take(8, what));
  }

  /** UTF-8 text with its length before it. */
  String text(String what, int limit) {
    long start = at;
    int length = (int) count("the length of " + what, 1, limit);
    if (length > scratch.length) {
      scratch = new byte[Math.max(length, 2 * scratch.length)];
    }
    MemorySegment.copy(bytes, JAVA_BYTE, at, scratch, 0, length);
    at += length;
    String text = new String(scratch, 0, length, StandardCharsets.UTF_8);
    // The fast decoder puts U+FFFD for malformed bytes, but the text may hold a real one.
    if (text.indexOf('\uFFFD') >= 0 && !isUtf8(scratch, length)) {
      throw errorAt(start + 8, what + " is not valid UTF-8");
    }
    return text;
  }

  private long take(long count, String what) {
    if (count > remaining()) {
      throw errorAt(at, "the file ends inside " + what);
    }
    long start = at;
    at += count;
    return start;
  }

  private static boolean isUtf8(byte[] raw, int length) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw, 0, length));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}

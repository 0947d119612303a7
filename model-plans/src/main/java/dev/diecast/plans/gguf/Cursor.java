package dev.diecast.plans.gguf;

import dev.diecast.plans.PlanException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A position in the bytes of a GGUF part. Every read is checked against the end and every error
 * says where it happened. Bytes come through a window on the heap, as a vocabulary of 150,000 texts
 * is read before the compiler has warmed to anything slower.
 */
final class Cursor {
  private static final int WINDOW = 1 << 16;
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment bytes;
  private final String location;
  private byte[] window = new byte[WINDOW];
  private long windowStart;
  private int windowBytes;
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
    return window[take(1, what)] & 0xff;
  }

  int u16(String what) {
    return (short) SHORT.get(window, take(2, what)) & 0xffff;
  }

  int i32(String what) {
    return (int) INT.get(window, take(4, what));
  }

  /** Eight bytes; a value of 63 bits or more comes out negative. */
  long u64(String what) {
    return (long) LONG.get(window, take(8, what));
  }

  /** UTF-8 text with its length before it. */
  String text(String what, int limit) {
    long start = at;
    long claim = u64(what);
    if (claim < 0 || claim > Math.min(limit, remaining())) {
      throw errorAt(
          start,
          what
              + " claims "
              + Long.toUnsignedString(claim)
              + " bytes; "
              + Math.min(limit, remaining())
              + " are possible here");
    }
    int length = (int) claim;
    int from = take(length, what);
    String text = new String(window, from, length, StandardCharsets.UTF_8);
    // The fast decoder puts U+FFFD for malformed bytes, but the text may hold a real one.
    if (text.indexOf('\uFFFD') >= 0 && !isUtf8(window, from, length)) {
      throw errorAt(start + Long.BYTES, what + " is not valid UTF-8");
    }
    return text;
  }

  /** Moves on by so many bytes and returns where they are in the window. */
  private int take(int count, String what) {
    if (count > remaining()) {
      throw errorAt(at, "the file ends inside " + what);
    }
    if (at + count > windowStart + windowBytes) {
      slide(count);
    }
    int from = (int) (at - windowStart);
    at += count;
    return from;
  }

  private void slide(int count) {
    if (count > window.length) {
      window = new byte[count];
    }
    windowStart = at;
    windowBytes = (int) Math.min(window.length, remaining());
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, window, 0, windowBytes);
  }

  private static boolean isUtf8(byte[] raw, int from, int length) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw, from, length));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}

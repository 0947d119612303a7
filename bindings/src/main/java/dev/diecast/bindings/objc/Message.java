package dev.diecast.bindings.objc;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.EnumSet;

/**
 * A message that can be sent: a row of the selector table and the selector that the runtime gave
 * for it. Kept in a {@code static final} field, so that a send compiles to a check-free call.
 * Methods are named by what comes back; a send in another shape than the table's is refused, since
 * it would read registers that nobody filled.
 *
 * <p>Receivers and words are objects, addresses or numbers of 64 bits. Sending to an object that
 * does not understand the message ends the process: {@link Conformance} and {@link #understoodBy}
 * ask first. Nothing is allocated, except by {@link #struct}.
 *
 * @param row what the table says
 * @param selector the runtime's selector
 */
public record Message(SelectorRow row, long selector) {
  private static final EnumSet<Shape> STRUCTS = EnumSet.of(Shape.SIZE, Shape.VERSION);

  /**
   * A message of the selector table. Loads the libraries.
   *
   * @param selector with its sign, such as {@code -length}
   */
  public static Message of(String receiver, String selector) {
    SelectorRow row = SelectorTable.row(receiver, selector);
    return new Message(row, ObjcRuntime.selector(row.name()));
  }

  /** Whether this object, or class, understands the message. */
  public boolean understoodBy(long object) {
    return ObjcRuntime.responds(object, selector);
  }

  /**
   * Refuses an object that does not understand the message, which then needs a newer system.
   *
   * @throws MetalException naming the message and the first macOS that has it
   */
  public void require(long object) {
    if (!understoodBy(object)) {
      throw new MetalException(
          row
              + " is not there: it needs macOS "
              + row.since()
              + " (receiver "
              + ObjcRuntime.classNameOf(object)
              + ")");
    }
  }

  /**
   * An object that the message has just returned, refused when it is nil.
   *
   * @throws MetalException naming the message
   */
  public long notNil(long object) {
    if (object == 0) {
      throw new MetalException(row + " returned nil");
    }
    return object;
  }

  /** Sends it; nothing comes back. */
  public void send(long receiver) {
    expect(Shape.VOID);
    try {
      if (row.quick()) {
        Sends.QUICK_VOID.invokeExact(receiver, selector);
      } else {
        Sends.VOID.invokeExact(receiver, selector);
      }
    } catch (Throwable e) {
      throw ObjcRuntime.unexpected(e);
    }
  }

  /** Sends it with one word. */
  public void send(long receiver, long a) {
    expect(Shape.VOID_1);
    try {
      if (row.quick()) {
        Sends.QUICK_VOID_1.invokeExact(receiver, selector, a);
      } else {
        Sends.VOID_1.invokeExact(receiver, selector, a);
      }
    } catch (Throwable e) {
      throw ObjcRuntime.unexpected(e);
    }
  }

  /** Sends it with two words; a range counts as two. */
  public void send(long receiver, long a, long b) {
    expect(Shape.VOID_2);
    try {
      if (row.quick()) {
        Sends.QUICK_VOID_2.invokeExact(receiver, selector, a, b);
      } else {
        Sends.VOID_2.invokeExact(receiver, selector, a, b);
      }
    } catch (Throwable e) {
      throw ObjcRuntime.unexpected(e);
    }
  }

  /** Sends it with three words. */
  public void send(long receiver, long a, long b, long c) {
    expect(Shape.VOID_3);
    try {
      if (row.quick()) {
        Sends.QUICK_VOID_3.invokeExact(receiver, selector, a, b, c);
      } else {
        Sends.VOID_3.invokeExact(receiver, selector, a, b, c);
      }
    } catch (Throwable e) {
      throw ObjcRuntime.unexpected(e);
    }
  }

  /** Sends it with four words. */
  public void send(long receiver, long a, long b, long c, long d) {
    expect(Shape.VOID_4);
    try {
      if (row.quick()) {
        Sends.QUICK_VOID_4.invokeExact(receiver, selector, a, b, c, d);
      } else {
        Sends.VOID_4.invokeExact(receiver, selector, a, b, c, d);
      }
    } catch (Throwable e) {
      throw ObjcRuntime.unexpected(e);
    }
  }

  /** Sends it with a {@code BOOL}. */
  public void sendFlag(long receiver, boolean a) {
    expect(Shape.VOID_FLAG);
    try {
      Sends.VOID_FLAG.invokeExact(receiver, selector, (byte) (a ? 1 : 0));
    } catch (Throwable e) {
      throw ObjcRuntime.unexpected(e);
    }
  }

  /** Sends a dispatch. */
  public void sendSizes(long receiver, DispatchSizes sizes) {
    expect(Shape.VOID_SIZES);
    try {
      if (ObjcRuntime.X86_64) {
        Sends.QUICK_VOID_SIZES.invokeExact(receiver, selector, sizes.grid(), sizes.threadgroup());
      } else {
        sizes.write();
        Sends.QUICK_VOID_2.invokeExact(
            receiver, selector, sizes.grid().address(), sizes.threadgroup().address());
      }
    } catch (Throwable e) {
      throw ObjcRuntime.unexpected(e);
    }
  }

  /** Sends it; an object, an address or a number comes back. */
  public long word(long receiver) {
    expect(Shape.WORD);
    try {
      return (long) Sends.WORD.invokeExact(receiver, selector);
    } catch (Throwable e) {
      throw ObjcRuntime.unexpected(e);
    }
  }

  /** Sends it with one word; a word comes back. */
  public long word(long receiver, long a) {
    expect(Shape.WORD_1);
    try {
      return (long) Sends.WORD_1.invokeExact(receiver, selector, a);
    } catch (Throwable e) {
      throw ObjcRuntime.unexpected(e);
    }
  }

  /** Sends it with two words; a word comes back. */
  public long word(long receiver, long a, long b) {
    expect(Shape.WORD_2);
    try {
      return (long) Sends.WORD_2.invokeExact(receiver, selector, a, b);
    } catch (Throwable e) {
      throw ObjcRuntime.unexpected(e);
    }
  }

  /** Sends it with three words; a word comes back. */
  public long word(long receiver, long a, long b, long c) {
    expect(Shape.WORD_3);
    try {
      return (long) Sends.WORD_3.invokeExact(receiver, selector, a, b, c);
    } catch (Throwable e) {
      throw ObjcRuntime.unexpected(e);
    }
  }

  /** Sends it with four words; a word comes back. */
  public long word(long receiver, long a, long b, long c, long d) {
    expect(Shape.WORD_4);
    try {
      return (long) Sends.WORD_4.invokeExact(receiver, selector, a, b, c, d);
    } catch (Throwable e) {
      throw ObjcRuntime.unexpected(e);
    }
  }

  /** Sends it; a {@code BOOL} comes back. */
  public boolean flag(long receiver) {
    expect(Shape.FLAG);
    try {
      return (byte) Sends.FLAG.invokeExact(receiver, selector) != 0;
    } catch (Throwable e) {
      throw ObjcRuntime.unexpected(e);
    }
  }

  /** Sends it with one word; a {@code BOOL} comes back. */
  public boolean flag(long receiver, long a) {
    expect(Shape.FLAG_1);
    try {
      return (byte) Sends.FLAG_1.invokeExact(receiver, selector, a) != 0;
    } catch (Throwable e) {
      throw ObjcRuntime.unexpected(e);
    }
  }

  /** Sends it with two words; a {@code BOOL} comes back. */
  public boolean flag(long receiver, long a, long b) {
    expect(Shape.FLAG_2);
    try {
      return (byte) Sends.FLAG_2.invokeExact(receiver, selector, a, b) != 0;
    } catch (Throwable e) {
      throw ObjcRuntime.unexpected(e);
    }
  }

  /** Sends it; a {@code double} comes back. */
  public double real(long receiver) {
    expect(Shape.REAL);
    try {
      return (double) Sends.REAL.invokeExact(receiver, selector);
    } catch (Throwable e) {
      throw ObjcRuntime.unexpected(e);
    }
  }

  /** A struct of more than 16 bytes, in memory from the allocator. */
  public MemorySegment struct(SegmentAllocator allocator, long receiver) {
    if (!STRUCTS.contains(row.shape())) {
      throw otherShape(Shape.SIZE);
    }
    try {
      return row.shape() == Shape.SIZE
          ? (MemorySegment) Sends.SIZE.invokeExact(allocator, receiver, selector)
          : (MemorySegment) Sends.VERSION.invokeExact(allocator, receiver, selector);
    } catch (Throwable e) {
      throw ObjcRuntime.unexpected(e);
    }
  }

  /** A {@code MTLSizeAndAlign}, in memory from the allocator. */
  public MemorySegment struct(SegmentAllocator allocator, long receiver, long a, long b) {
    expect(Shape.SIZE_AND_ALIGN_2);
    try {
      return (MemorySegment)
          Sends.SIZE_AND_ALIGN_2.invokeExact(allocator, receiver, selector, a, b);
    } catch (Throwable e) {
      throw ObjcRuntime.unexpected(e);
    }
  }

  private void expect(Shape shape) {
    if (row.shape() != shape) {
      throw otherShape(shape);
    }
  }

  private IllegalStateException otherShape(Shape shape) {
    return new IllegalStateException(
        row + " has shape " + row.shape() + " and was sent as " + shape);
  }
}

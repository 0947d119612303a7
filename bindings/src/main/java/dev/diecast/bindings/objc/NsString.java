package dev.diecast.bindings.objc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Text in both directions. */
public final class NsString {
  private static final Conformance CONFORMANCE = Conformance.to("NSString");
  private static final Message FROM_UTF8 = Message.of("NSString", "+stringWithUTF8String:");
  private static final Message UTF8 = Message.of("NSString", "-UTF8String");

  private NsString() {}

  /**
   * An {@code NSString} of the text up to its first zero character; it belongs to the caller's
   * autorelease pool.
   */
  public static long of(String text) {
    long cls = ObjcClass.named("NSString");
    try (Arena arena = Arena.ofConfined()) {
      return FROM_UTF8.notNil(FROM_UTF8.word(cls, arena.allocateFrom(text).address()));
    }
  }

  /** The text of an {@code NSString}; of nil, the empty text. */
  public static String text(long string) {
    return string == 0 ? "" : characters(UTF8.word(CONFORMANCE.check(string)));
  }

  /** UTF-8 characters up to a zero; at address 0, none. */
  static String characters(long address) {
    return address == 0
        ? ""
        : MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE).getString(0);
  }
}

package dev.diecast.bindings.objc;

import java.lang.foreign.MemorySegment;

/** Bytes. */
public final class NsData {
  private static final Conformance CONFORMANCE = Conformance.to("NSData");
  private static final Message BYTES = Message.of("NSData", "-bytes");
  private static final Message LENGTH = Message.of("NSData", "-length");

  private NsData() {}

  /** The bytes of an {@code NSData}, valid as long as the object is; of nil, none. */
  public static MemorySegment bytes(long data) {
    if (data == 0) {
      return MemorySegment.NULL;
    }
    CONFORMANCE.check(data);
    return MemorySegment.ofAddress(BYTES.word(data)).reinterpret(LENGTH.word(data)).asReadOnly();
  }
}

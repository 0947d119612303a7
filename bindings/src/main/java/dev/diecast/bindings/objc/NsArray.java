package dev.diecast.bindings.objc;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.stream.LongStream;

/** Arrays of objects. */
public final class NsArray {
  private static final Conformance CONFORMANCE = Conformance.to("NSArray");
  private static final Message OF = Message.of("NSArray", "+arrayWithObjects:count:");
  private static final Message COUNT = Message.of("NSArray", "-count");
  private static final Message AT = Message.of("NSArray", "-objectAtIndex:");

  private NsArray() {}

  /** An {@code NSArray} that belongs to the caller's autorelease pool. */
  public static long of(List<? extends OwnedObject> objects) {
    long cls = ObjcClass.named("NSArray");
    try (Arena arena = Arena.ofConfined()) {
      IdArray ids = IdArray.of(arena, objects);
      return OF.notNil(OF.word(cls, ids.address(), ids.count()));
    }
  }

  /** The objects of an {@code NSArray}, which keeps them; of nil, none. */
  public static LongStream objects(long array) {
    if (array == 0) {
      return LongStream.empty();
    }
    CONFORMANCE.check(array);
    return LongStream.range(0, COUNT.word(array)).map(i -> AT.notNil(AT.word(array, i)));
  }
}

package dev.diecast.bindings.objc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Objects, or numbers of 64 bits, one behind the other in native memory, as messages that take many
 * at once want them. Nothing in it is retained.
 *
 * @param words the memory
 */
public record IdArray(MemorySegment words) {
  /** An array of these objects that lives as long as the arena. */
  public static IdArray of(Arena arena, List<? extends OwnedObject> objects) {
    return of(arena, objects.stream().mapToLong(OwnedObject::id).toArray());
  }

  /** An array of these words that lives as long as the arena. */
  public static IdArray of(Arena arena, long... words) {
    return new IdArray(arena.allocateFrom(ValueLayout.JAVA_LONG, words));
  }

  /** Where it begins. */
  public long address() {
    return words.address();
  }

  /** How many there are. */
  public long count() {
    return words.byteSize() / Long.BYTES;
  }

  /** The words in order. */
  public LongStream stream() {
    return LongStream.range(0, count()).map(i -> words.getAtIndex(ValueLayout.JAVA_LONG, i));
  }
}

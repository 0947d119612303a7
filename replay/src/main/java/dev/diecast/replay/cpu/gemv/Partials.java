package dev.diecast.replay.cpu.gemv;

import dev.diecast.replay.cpu.Memory;
import jdk.incubator.vector.FloatVector;

/**
 * The lane sums of a quad's four rows, one 512-bit vector each. They live in memory, not in
 * variables: C2 boxes a vector that a loop carries whenever it compiles in mid-loop or stops
 * inlining early, and a store that the next load takes over costs nothing beside a block's work.
 */
final class Partials {
  private Partials() {}

  /** Zeroes the four sums, 256 bytes. */
  static void clear(long quad) {
    for (int r = 0; r < 4; r++) {
      FloatVector.zero(FloatVector.SPECIES_512)
          .intoMemorySegment(Memory.ALL, quad + 64L * r, Memory.LE);
    }
  }
}

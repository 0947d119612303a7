package dev.diecast.replay.cpu.gemv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.diecast.replay.cpu.Memory;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransposedVectorsTest {
  @ParameterizedTest
  @CsvSource({"25, 16", "27, 48", "32, 416", "64, 96", "127, 32"})
  void oneValueOfAllVectorsComesAfterTheOther(int vectors, int cols) {
    assumeThat(PrefillTile.byToken(vectors)).as("vectors of 512 bits").isTrue();
    try (Arena arena = Arena.ofConfined()) {
      Room room = new Room(arena, vectors, cols);
      long at = room.transposed();
      for (int v = 0; v < (vectors + 31) / 32 * 32; v++) {
        for (int k = 0; k < cols; k++) {
          float value = Memory.f32(at + 4L * (v / 32 * 32 * cols + 32 * k + v % 32));
          assertThat(value).isEqualTo(Room.value(Math.min(v, vectors - 1), k));
        }
      }
    }
  }

  @Test
  void vectorsStayUntilTheNextRunOrOthersCome() {
    assumeThat(PrefillTile.byToken(32)).as("vectors of 512 bits").isTrue();
    try (Arena arena = Arena.ofConfined()) {
      Room room = new Room(arena, 32, 16);
      long at = room.transposed();
      Memory.f32(room.x, -1);
      assertThat(Memory.f32(room.transposed())).isEqualTo(Room.value(0, 0));
      room.vectors.begin(room.scratch);
      assertThat(Memory.f32(room.transposed())).isEqualTo(-1);
      Memory.i64(room.table, room.x + 64);
      assertThat(Memory.f32(room.transposed())).isEqualTo(Room.value(1, 0));
      assertThat(room.transposed()).isEqualTo(at);
    }
  }

  /** As the lists of three experts may be that share their vectors. */
  @Test
  void whatAShorterListLeftBehindIsNotTakenForTheRestOfALongerOne() {
    assumeThat(PrefillTile.byToken(25)).as("vectors of 512 bits").isTrue();
    try (Arena arena = Arena.ofConfined()) {
      Room room = new Room(arena, 59, 16);
      room.transposed(0, 32);
      room.transposed(32, 25);
      for (int v = 0; v < 25; v++) {
        Memory.i64(room.table + 8L * v, Memory.i64(room.table + 8L * (32 + v)));
      }
      long at = room.transposed(0, 32);
      assertThat(Memory.f32(at + 4 * 25)).isEqualTo(Room.value(25, 0));
      assertThat(Memory.f32(at + 4 * 31)).isEqualTo(Room.value(31, 0));
    }
  }

  @Test
  void tooFewVectorsTakeNoRoom() {
    ScratchLayout layout = new ScratchLayout();
    TransposedVectors.in(layout, 24, 4096);
    assertThat(layout.bytes()).isZero();
  }

  private static final class Room {
    final TransposedVectors vectors;
    final long scratch;
    final long x;
    final long table;
    final int count;
    final int cols;

    Room(Arena arena, int count, int cols) {
      ScratchLayout layout = new ScratchLayout();
      this.vectors = TransposedVectors.in(layout, count, cols);
      this.scratch = arena.allocate(layout.bytes(), 64).address();
      this.x = arena.allocate(4L * count * cols, 64).address();
      this.table = arena.allocate(8L * count, 64).address();
      this.count = count;
      this.cols = cols;
      for (int v = 0; v < count; v++) {
        Memory.i64(table + 8L * v, x + 4L * v * cols);
        for (int k = 0; k < cols; k++) {
          Memory.f32(x + 4L * (v * cols + k), value(v, k));
        }
      }
    }

    static float value(int vector, int k) {
      return 1000 * vector + k;
    }

    long transposed() {
      return transposed(0, count);
    }

    long transposed(int first, int n) {
      return vectors.of(table + 8L * first, n, cols, scratch);
    }
  }
}

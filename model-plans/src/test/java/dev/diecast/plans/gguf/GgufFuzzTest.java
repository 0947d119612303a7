package dev.diecast.plans.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.plans.PlanException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the bytes, the reader answers with a model whose tensors lie inside it or one error. */
class GgufFuzzTest {
  private static final int MUTANTS = 20_000;
  private static final long[] NASTY = {
    0,
    1,
    -1,
    2,
    31,
    255,
    256,
    65_535,
    1L << 31,
    -(1L << 31),
    1L << 32,
    1L << 62,
    Long.MIN_VALUE,
    Long.MAX_VALUE,
    Long.MAX_VALUE / 2,
    0x0303030303030303L
  };

  @TempDir Path folder;
  private byte[] sound = {};

  @BeforeEach
  void build() {
    sound = SmallGguf.full().bytes(folder);
  }

  @Test
  void truncationAnywhereIsAnError() {
    GgufLayout layout = SmallGguf.full().layout();
    TensorInfo last = layout.tensors().getLast();
    for (int length = 0; length < last.fileOffset() + last.bytes(); length++) {
      assertThat(survives(Arrays.copyOf(sound, length))).as("%d bytes", length).isFalse();
    }
    assertThat(survives(sound)).isTrue();
  }

  @Test
  void mutantsNeverEscape() {
    Random random = new Random(42);
    int header = (int) SmallGguf.full().layout().headerBytes();
    int refused = 0;
    for (int i = 0; i < MUTANTS; i++) {
      refused += survives(mutant(random, header)) ? 0 : 1;
    }
    // Most damage to a header shows; damage inside a text or a number need not.
    assertThat(refused).isBetween(MUTANTS / 2, MUTANTS - MUTANTS / 100);
  }

  @Test
  void mutantFilesNeverEscape() throws IOException {
    Random random = new Random(43);
    int header = (int) SmallGguf.full().layout().headerBytes();
    Path path = folder.resolve("mutant.gguf");
    for (int i = 0; i < 300; i++) {
      Files.write(path, mutant(random, header));
      try (GgufFile file = GgufFile.open(path)) {
        for (TensorInfo tensor : file.tensors()) {
          assertThat(file.data(tensor).byteSize()).isEqualTo(tensor.bytes());
        }
        assertThat(file.fingerprint()).hasSize(64);
      } catch (PlanException e) {
        assertThat(e).hasMessageStartingWith(path.toString());
      }
    }
  }

  private byte[] mutant(Random random, int header) {
    byte[] bytes = sound.clone();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(header);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> put(bytes, at, NASTY[random.nextInt(NASTY.length)], random.nextBoolean());
        case 3 -> bytes = without(bytes, at, 1 + random.nextInt(16));
        default -> copyWithin(bytes, at, random.nextInt(header), random.nextInt(40));
      }
    }
    return bytes;
  }

  private static void put(byte[] bytes, int at, long value, boolean wide) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (wide) {
      buffer.putLong(at, value);
    } else {
      buffer.putInt(at, (int) value);
    }
  }

  private static byte[] without(byte[] bytes, int at, int count) {
    byte[] shorter = Arrays.copyOf(bytes, bytes.length - count);
    System.arraycopy(bytes, at + count, shorter, at, shorter.length - at);
    return shorter;
  }

  private static void copyWithin(byte[] bytes, int from, int to, int count) {
    System.arraycopy(bytes, from, bytes, to, Math.min(count, bytes.length - Math.max(from, to)));
  }

  /** Whether the bytes parse; anything but success or a located error fails the test. */
  private static boolean survives(byte[] bytes) {
    try {
      GgufPart part = GgufPart.parse(MemorySegment.ofArray(bytes), "fuzz", 0);
      for (TensorInfo tensor : part.tensors()) {
        assertThat(tensor.fileOffset()).isPositive();
        assertThat(tensor.bytes()).isPositive();
        assertThat(tensor.bytes()).isLessThanOrEqualTo(bytes.length - tensor.fileOffset());
      }
      return true;
    } catch (PlanException e) {
      assertThat(e).hasMessageStartingWith("fuzz: at byte ");
      return false;
    }
  }
}

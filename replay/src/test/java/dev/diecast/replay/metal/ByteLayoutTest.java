package dev.diecast.replay.metal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ByteLayoutTest {
  @Test
  void arraysLieApartAtMultiplesOf256() {
    ByteLayout layout = new ByteLayout();
    byte[] a = filled(300, 1);
    byte[] b = filled(0, 2);
    byte[] c = filled(256, 3);
    assertThat(layout.add(a)).isZero();
    assertThat(layout.add(b)).isEqualTo(512);
    assertThat(layout.add(c)).isEqualTo(768);
    assertThat(layout.bytes()).isEqualTo(1024);
    byte[] memory = new byte[1024];
    layout.write(MemorySegment.ofArray(memory));
    assertThat(Arrays.copyOfRange(memory, 0, 300)).isEqualTo(a);
    assertThat(Arrays.copyOfRange(memory, 300, 768)).containsOnly(0);
    assertThat(Arrays.copyOfRange(memory, 768, 1024)).isEqualTo(c);
  }

  @Test
  void nothingTakesOneAlignment() {
    assertThat(new ByteLayout().bytes()).isEqualTo(256);
  }

  private static byte[] filled(int length, int value) {
    byte[] array = new byte[length];
    Arrays.fill(array, (byte) value);
    return array;
  }
}

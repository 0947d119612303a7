package dev.diecast.replay.cpu.gemv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.cpu.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** Blocks computed by hand; 0x3c00 is 1.0 and 0x4000 is 2.0 in float16. */
class ScalarBlocksTest {
  @Test
  void plainTypes() {
    assertThat(decode(TensorType.F16, 1, block(2, 0, 0x00, 1, 0xc0))).containsExactly(-2);
    assertThat(decode(TensorType.BF16, 1, block(2, 0, 0xc0, 1, 0x3f))).containsExactly(1.5f);
    assertThat(decode(TensorType.F32, 1, block(4, 2, 0xc0, 3, 0x3f))).containsExactly(1.5f);
  }

  @Test
  void q80() {
    float[] y = decode(TensorType.Q8_0, 32, block(34, 1, 0x40, 2, 0x80, 33, 0x7f));
    assertThat(y[0]).isEqualTo(-256);
    assertThat(y[1]).isZero();
    assertThat(y[31]).isEqualTo(254);
  }

  @Test
  void q4WithAndWithoutMinimum() {
    float[] y = decode(TensorType.Q4_0, 32, block(18, 1, 0x40, 2, 0x1f, 17, 0x80));
    assertThat(y[0]).isEqualTo(14);
    assertThat(y[16]).isEqualTo(-14);
    assertThat(y[15]).isEqualTo(-16);
    assertThat(y[31]).isZero();
    y = decode(TensorType.Q4_1, 32, block(20, 1, 0x40, 3, 0x3c, 4, 0x1f));
    assertThat(y[0]).isEqualTo(31);
    assertThat(y[16]).isEqualTo(3);
    assertThat(y[1]).isEqualTo(1);
  }

  @Test
  void q5WithAndWithoutMinimum() {
    // Fifth bits: value 0 and value 31.
    float[] y = decode(TensorType.Q5_0, 32, block(22, 1, 0x40, 2, 1, 5, 0x80, 6, 0x12));
    assertThat(y[0]).isEqualTo(4);
    assertThat(y[16]).isEqualTo(-30);
    assertThat(y[31]).isZero();
    y = decode(TensorType.Q5_1, 32, block(24, 1, 0x40, 3, 0x3c, 4, 1, 7, 0x80, 8, 0x12));
    assertThat(y[0]).isEqualTo(37);
    assertThat(y[16]).isEqualTo(3);
    assertThat(y[31]).isEqualTo(33);
  }

  @Test
  void q4k() {
    // d 2, dmin 1. Sub-block 0: scale 3, min 5. Sub-block 5: scale 1 + 2 * 16, min 4 + 3 * 16.
    float[] y =
        decode(
            TensorType.Q4_K,
            256,
            block(144, 1, 0x40, 3, 0x3c, 4, 3, 8, 5, 5, 0x80, 9, 0xc0, 13, 0x41, 16, 7, 80, 0x90));
    assertThat(y[0]).isEqualTo(2 * 3 * 7 - 5);
    assertThat(y[1]).isEqualTo(-5);
    assertThat(y[32]).isZero();
    assertThat(y[160]).isEqualTo(2 * 33 * 9 - 52);
    assertThat(y[161]).isEqualTo(-52);
  }

  @Test
  void q5k() {
    float[] y =
        decode(
            TensorType.Q5_K,
            256,
            block(176, 1, 0x40, 3, 0x3c, 4, 3, 8, 5, 16, 0x81, 48, 7, 13, 0, 11, 0x40, 7, 0x80));
    assertThat(y[0]).isEqualTo(2 * 3 * 23 - 5);
    assertThat(y[1]).isEqualTo(-5);
    // Sub-block 7: scale 2 * 16, min 1 * 16, fifth bit set.
    assertThat(y[224]).isEqualTo(2 * 32 * 16 - 16);
  }

  @Test
  void q6k() {
    // Scales 1, except scale 9 (values 144 to 159) which is -2. Value 144: low 5, high 2.
    byte[] block = block(210, 209, 0x40, 64 + 16, 0x05, 160 + 16, 2);
    for (int i = 0; i < 16; i++) {
      block[192 + i] = (byte) (i == 9 ? -2 : 1);
    }
    float[] y = decode(TensorType.Q6_K, 256, block);
    assertThat(y[0]).isEqualTo(-64);
    assertThat(y[144]).isEqualTo(2 * -2 * (37 - 32));
    assertThat(y[145]).isEqualTo(2 * -2 * -32);
  }

  private static byte[] block(int bytes, int... indexThenValue) {
    byte[] block = new byte[bytes];
    for (int i = 0; i < indexThenValue.length; i += 2) {
      block[indexThenValue[i]] = (byte) indexThenValue[i + 1];
    }
    return block;
  }

  private static float[] decode(TensorType type, int values, byte[] block) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment w = arena.allocateFrom(ValueLayout.JAVA_BYTE, block);
      MemorySegment out = arena.allocate(4L * values, 64);
      ScalarBlocks.of(type).decode(w.address(), values, out.address());
      float[] y = new float[values];
      for (int i = 0; i < values; i++) {
        y[i] = Memory.f32(out.address() + 4L * i);
      }
      return y;
    }
  }
}

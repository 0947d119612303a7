package dev.diecast.plans.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.plans.PlanException;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Blocks whose values were worked out by hand from ggml's definitions. */
class BlockDecoderTest {
  private static final int ONE = 0x3c00; // half precision
  private static final int HALF = 0x3800;
  private static final int MINUS_TWO = 0xc000;

  @Test
  void f32() {
    assertThat(decode(TensorType.F32, 2, 0, 0, 0xc0, 0x3f, 0, 0, 0, 0x80))
        .containsExactly(1.5, -0.0);
  }

  @Test
  void f16() {
    // 1, the smallest subnormal, the largest finite.
    assertThat(decode(TensorType.F16, 3, 0, 0x3c, 1, 0, 0xff, 0x7b))
        .containsExactly(1, 0x1p-24, 65_504);
  }

  @Test
  void bf16() {
    assertThat(decode(TensorType.BF16, 2, 0x80, 0x3f, 0, 0xc1)).containsExactly(1, -8);
  }

  @Test
  void q4Zero() {
    int[] block = block(18, ONE);
    block[2] = 0x0f; // value 0: 15 - 8; value 16: 0 - 8
    block[17] = 0x98; // value 15: 8 - 8; value 31: 9 - 8
    double[] y = decode(TensorType.Q4_0, 32, block);
    assertThat(y[0]).isEqualTo(7);
    assertThat(y[16]).isEqualTo(-8);
    assertThat(y[15]).isZero();
    assertThat(y[31]).isEqualTo(1);
    assertThat(y[1]).isEqualTo(-8);
  }

  @Test
  void q4One() {
    int[] block = block(20, HALF, MINUS_TWO);
    block[4] = 0x3f;
    double[] y = decode(TensorType.Q4_1, 32, block);
    assertThat(y[0]).isEqualTo(0.5 * 15 - 2);
    assertThat(y[16]).isEqualTo(0.5 * 3 - 2);
    assertThat(y[31]).isEqualTo(-2);
  }

  @Test
  void q5Zero() {
    int[] block = block(22, ONE);
    block[2] = 0x01; // fifth bit of value 0
    block[5] = 0x80; // fifth bit of value 31
    block[6] = 0x21;
    double[] y = decode(TensorType.Q5_0, 32, block);
    assertThat(y[0]).isEqualTo(17 - 16);
    assertThat(y[16]).isEqualTo(2 - 16);
    assertThat(y[31]).isEqualTo(16 - 16);
    assertThat(y[30]).isEqualTo(-16);
  }

  @Test
  void q5One() {
    int[] block = block(24, HALF, ONE);
    block[4] = 0x02; // fifth bit of value 1
    block[9] = 0x43;
    double[] y = decode(TensorType.Q5_1, 32, block);
    assertThat(y[1]).isEqualTo(0.5 * 19 + 1);
    assertThat(y[17]).isEqualTo(0.5 * 4 + 1);
    assertThat(y[0]).isEqualTo(1);
  }

  @Test
  void q8Zero() {
    int[] block = block(34, MINUS_TWO);
    block[2] = 0x80;
    block[33] = 3;
    double[] y = decode(TensorType.Q8_0, 32, block);
    assertThat(y[0]).isEqualTo(256);
    assertThat(y[31]).isEqualTo(-6);
    assertThat(y[1]).isEqualTo(0);
  }

  @Test
  void q4K() {
    int[] block = block(144, HALF, ONE);
    block[4] = 3 | 2 << 6; // scale 0 = 3, top bits of scale 4 = 2
    block[8] = 5 | 1 << 6; // min 0 = 5, top bits of min 4 = 1
    block[12] = 7 | 9 << 4; // low bits of scale 4 and min 4
    block[16] = 0xa4; // values 0 and 32
    block[16 + 64 + 1] = 0x06; // values 129 and 161
    double[] y = decode(TensorType.Q4_K, 256, block);
    assertThat(y[0]).isEqualTo(0.5 * 3 * 4 - 5);
    assertThat(y[32]).isZero(); // scale 1 and min 1 are 0
    assertThat(y[129]).isEqualTo(0.5 * (7 + 32) * 6 - (9 + 16));
    assertThat(y[128]).isEqualTo(-(9 + 16));
  }

  @Test
  void q5K() {
    int[] block = block(176, ONE, HALF);
    block[4] = 2;
    block[8] = 4;
    block[7] = 63; // scale 3
    block[16] = 0x09; // fifth bits of values 0 and 96
    block[48] = 0x01; // values 0 and 32
    block[48 + 32] = 0xf0; // values 64 and 96
    double[] y = decode(TensorType.Q5_K, 256, block);
    assertThat(y[0]).isEqualTo(2 * 17 - 2);
    assertThat(y[96]).isEqualTo(63 * 31);
    assertThat(y[1]).isEqualTo(-2);
  }

  @Test
  void q6K() {
    int[] block = block(210, 0);
    block[208] = 0x00;
    block[209] = 0x38; // d = 0.5
    block[192] = 0xfd; // scale of values 0 to 15: -3
    block[192 + 15] = 2; // of values 240 to 255
    block[0] = 0x0c; // low bits of value 0 and, high half, value 64
    block[128] = 0x03; // upper bits of value 0
    block[64 + 63] = 0xb0; // of value 255: run 3, high half of byte 63 of the second 64
    block[128 + 63] = 0x40; // upper bits of value 255: 1
    double[] y = decode(TensorType.Q6_K, 256, block);
    assertThat(y[0]).isEqualTo(0.5 * -3 * (12 + 48 - 32));
    assertThat(y[1]).isEqualTo(0.5 * -3 * -32);
    assertThat(y[255]).isEqualTo(0.5 * 2 * (11 + 16 - 32));
    assertThat(y[16]).isZero();
  }

  @Test
  void floatsAreTheRoundedDoubles() {
    byte[] noise = new byte[144 * 8];
    new java.util.Random(1).nextBytes(noise);
    noise[1] = 0x20;
    MemorySegment segment = MemorySegment.ofArray(noise);
    for (TensorType type : new TensorType[] {TensorType.Q4_1, TensorType.Q8_0, TensorType.Q4_K}) {
      double[] exact = new double[256];
      float[] rounded = new float[256 + 3];
      BlockDecoder.decode(type, segment, 0, 256, exact, 0);
      BlockDecoder.decode(type, segment, 0, 256, rounded, 3);
      for (int i = 0; i < 256; i++) {
        assertThat(rounded[i + 3]).isEqualTo((float) exact[i]);
      }
    }
  }

  @Test
  void whatCannotBeDecodedIsRefused() {
    MemorySegment empty = MemorySegment.ofArray(new byte[0]);
    assertThatThrownBy(() -> BlockDecoder.decode(TensorType.IQ2_S, empty, 0, 0, new float[0], 0))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("IQ2_S");
    assertThatThrownBy(() -> BlockDecoder.decode(TensorType.Q4_0, empty, 0, 33, new float[33], 0))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("whole number");
  }

  private static int[] block(int bytes, int... halves) {
    int[] block = new int[bytes];
    for (int i = 0; i < halves.length; i++) {
      block[2 * i] = halves[i] & 0xff;
      block[2 * i + 1] = halves[i] >> 8;
    }
    return block;
  }

  private static double[] decode(TensorType type, int count, int... bytes) {
    byte[] raw = new byte[bytes.length + 1];
    for (int i = 0; i < bytes.length; i++) {
      raw[i + 1] = (byte) bytes[i];
    }
    double[] values = new double[count];
    BlockDecoder.decode(type, MemorySegment.ofArray(raw), 1, count, values, 0);
    return values;
  }
}

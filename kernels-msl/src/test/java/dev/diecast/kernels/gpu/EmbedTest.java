package dev.diecast.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The formats themselves are tested where matrices are multiplied; here, three of them and the
 * rows.
 */
class EmbedTest implements NeedsClang {
  @ParameterizedTest
  @CsvSource({
    "f32,1,64,1,0",
    "f32,3,13,2,5",
    "f16,2,2048,2,8",
    "f16,2,7,0,1",
    "q8_0,2,96,5,3",
    "q8_0,1,32,1,8"
  })
  void rows(String type, int tokens, int cols, int active, int token) {
    int vocab = 9;
    int rowBytes = rowBytes(type, cols);
    byte[] w = new byte[vocab * rowBytes];
    float[] expected = fill(type, w);
    int[] ids = new int[tokens];
    for (int t = 0; t < tokens; t++) {
      ids[t] = t == 0 ? token : vocab - 1;
    }
    byte[] y =
        KernelRun.of("embed_" + type)
            .args("n_tokens", tokens, "n_vocab", vocab, "cols", cols, "y_stride", cols + 1)
            .args("row_bytes", rowBytes)
            .bytes("w", w)
            .ints("tokens", ids)
            .step(0, active)
            .output("y", 4L * tokens * (cols + 1))
            .run()
            .get("y");
    Rows rows = new Rows(y, cols + 1, tokens, Math.min(active, tokens));
    for (int t = 0; t < rows.active(); t++) {
      for (int i = 0; i < cols; i++) {
        assertThat(rows.at(t * (cols + 1) + i, 1)[0]).isEqualTo(expected[ids[t] * cols + i]);
      }
      rows.assertUntouched(t * (cols + 1) + cols, 1);
    }
    rows.assertRestUntouched();
  }

  private static int rowBytes(String type, int cols) {
    return switch (type) {
      case "f32" -> 4 * cols;
      case "f16" -> 2 * cols;
      default -> cols / 32 * 34;
    };
  }

  /** Random weights; returns their values. */
  private static float[] fill(String type, byte[] w) {
    switch (type) {
      case "f32" -> System.arraycopy(Bytes.of(Bytes.random(1, w.length / 4)), 0, w, 0, w.length);
      case "f16" ->
          System.arraycopy(Bytes.halves(Bytes.random(1, w.length / 2)), 0, w, 0, w.length);
      default -> {
        return blocks(w);
      }
    }
    return type.equals("f32") ? Bytes.floats(w) : Bytes.fromHalves(w);
  }

  /** Q8_0: a float16 scale, then 32 signed bytes. */
  private static float[] blocks(byte[] w) {
    new Random(1).nextBytes(w);
    ByteBuffer bytes = ByteBuffer.wrap(w).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[w.length / 34 * 32];
    for (int block = 0; block < w.length / 34; block++) {
      short scale = Float.floatToFloat16(0.01f * (block + 1));
      bytes.putShort(34 * block, scale);
      for (int i = 0; i < 32; i++) {
        values[32 * block + i] = Float.float16ToFloat(scale) * w[34 * block + 2 + i];
      }
    }
    return values;
  }
}

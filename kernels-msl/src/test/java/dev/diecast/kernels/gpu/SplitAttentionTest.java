package dev.diecast.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitAttentionTest implements NeedsClang {
  @ParameterizedTest
  @CsvSource({
    "1,8,2,128,128,4,299,1,300,false,0",
    "2,6,2,20,12,3,0,1,8,false,0", // empty context
    "3,10,1,64,48,5,70,2,73,true,0",
    "2,9,1,576,512,2,64,2,70,true,24", // MLA: through the value matrix
    "1,40,1,24,16,130,150,1,160,true,5", // more blocks than tickets have fields
    "2,4,4,16,20,2,5,0,8,false,0"
  })
  void joins(
      int tokens,
      int heads,
      int kvHeads,
      int dk,
      int dv,
      int splits,
      int position,
      int active,
      int capacity,
      boolean latent,
      int valueRows) {
    var c =
        new AttentionCase(
            tokens, heads, kvHeads, dk, dv, splits, position, active, capacity, latent);
    int n = valueRows > 0 ? valueRows : dv;
    float[] matrices = Bytes.random(8, heads * valueRows * dv);
    KernelRun run =
        c.arguments(KernelRun.of("split_attention"))
            .args("value_rows", valueRows, "row_bytes", 4L * dv)
            .args("head_bytes", 4L * dv * valueRows)
            .args("y_stride", heads * n, "y_head_stride", n)
            .constant("value_type", valueRows > 0 ? 0 : -1)
            .ints("tickets", new int[2 * tokens * kvHeads])
            .output("partial", 4L * tokens * heads * splits * (2 + dv))
            .output("y", 4L * tokens * heads * n);
    if (valueRows > 0) {
      run.floats("value", matrices);
    }
    var results = run.run();
    Rows rows = new Rows(results.get("y"), heads * n, tokens, c.activeTokens());
    for (int t = 0; t < rows.active(); t++) {
      for (int h = 0; h < heads; h++) {
        double[] expected = c.reference(t, h).whole(c.visible(t));
        if (valueRows > 0) {
          expected = MatrixReference.times(matrices, h * valueRows * dv, valueRows, expected);
        }
        assertThat(Distance.relative(rows.at((t * heads + h) * n, n), expected)).isLessThan(1e-5);
      }
    }
    rows.assertRestUntouched();
    assertThat(Bytes.ints(results.get("tickets"))).containsOnly(0);
  }
}

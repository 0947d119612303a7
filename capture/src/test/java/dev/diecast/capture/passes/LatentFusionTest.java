package dev.diecast.capture.passes;

import static dev.diecast.capture.passes.SmallModel.leaves;
import static dev.diecast.capture.passes.SmallModel.only;
import static dev.diecast.capture.passes.SmallModel.ops;
import static dev.diecast.capture.passes.SmallModel.pass;
import static dev.diecast.capture.passes.SmallModel.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.capture.graph.CacheRef;
import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.Node;
import dev.diecast.capture.graph.Tracer;
import dev.diecast.capture.graph.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code fuse-latent}: two heads of 3 + 2 columns, a latent of 4. */
class LatentFusionTest {
  private final SmallModel model =
      new SmallModel().matrix("q", 8, 10).matrix("kv", 8, 6).vector("kv_norm.weight", 4);

  /** Takes the 2 x 3 first columns of the queries into the latent space: 2 x 4. */
  @FunctionalInterface
  private interface Absorb {
    Value trace(Tracer t, Value first);
  }

  private static Value plain(Tracer t, Value first) {
    return t.headLinear(first, "k_b", 4);
  }

  private static Value angles(Tracer t, double frequency) {
    return t.ropeAngles(List.of(frequency), 1);
  }

  private Graph latent(Absorb absorb, double keyFrequency, int split) {
    return model.trace((t, x) -> {
      Value q = t.reshape(t.linear(x, "q", 10), 2, 5, "q_heads");
      Value turned = t.rope(t.slice(q, 3, 5, "q_pe"), angles(t, 0.5), false, "q_rope");
      Value kv = t.linear(x, "kv", 6);
      Value c = t.rmsNorm(t.slice(kv, 0, 4, "kv_latent"), "kv_norm", 1e-5);
      Value key = t.slice(kv, split, split + 2, "k_pe");
      Value row = t.concat(c, t.rope(key, angles(t, keyFrequency), false, "k_rope"), "kv_row");
      CacheRef cache = t.kvWrite(row, "cache");
      Value absorbed = absorb.trace(t, t.slice(q, 0, 3, "q_nope"));
      Value query = t.concat(absorbed, turned, "q_absorbed");
      Value seen = t.attention(query, cache, cache, 1, 4, 0.5, "attention");
      return t.reshape(seen, 1, 8, "flat");
    });
  }

  @Test
  void queriesAndCacheRowArePreparedAtOnce() {
    model.matrix("k_b", 3, 4, 2);
    Graph before = latent(LatentFusionTest::plain, 0.5, 4);
    Graph after = pass("fuse-latent", before, 1);
    assertThat(ops(after))
        .containsExactly(
            "Embed",
            "Linear",
            "Reshape",
            "RopeAngles",
            "Linear",
            "LatentPrepare",
            "Attention",
            "Reshape",
            "Linear",
            "Sample");
    Node prepare = only(after, FusedOp.LatentPrepare.class);
    assertThat(prepare.inputs())
        .containsExactly(
            value(before, "q_heads"), value(before, "kv"), value(before, "rope_angles"));
    assertThat(prepare.output()).isEqualTo(value(before, "q_absorbed"));
    FusedOp.LatentPrepare op = (FusedOp.LatentPrepare) prepare.op();
    assertThat(op.absorb().transposed()).isFalse();
    assertThat(op.norm().weight().name()).isEqualTo("kv_norm.weight");
    assertThat(op.cache().name()).isEqualTo("cache");
    assertThat(op.sources())
        .containsExactly(
            "q_nope",
            "k_b",
            "q_pe",
            "q_rope",
            "q_absorbed",
            "kv_latent",
            "kv_norm",
            "k_pe",
            "k_rope",
            "kv_row",
            "cache_write");
    leaves("fuse-latent", after);
  }

  @Test
  void turnedPartOfAStackedMatrixServesAsWell() {
    model.matrix("kv_b", 4, 10);
    Graph before =
        latent((t, first) -> t.headLinearPart(first, "kv_b", 5, 0, 3, 4, true, "k_part"), 0.5, 4);
    FusedOp.LatentPrepare op =
        (FusedOp.LatentPrepare)
            only(pass("fuse-latent", before, 1), FusedOp.LatentPrepare.class).op();
    assertThat(op.absorb().transposed()).isTrue();
    assertThat(op.absorb().rowsPerHead()).isEqualTo(5);
  }

  @Test
  void keysThatTurnOtherwiseStay() {
    model.matrix("k_b", 3, 4, 2);
    leaves("fuse-latent", latent(LatentFusionTest::plain, 0.25, 4));
  }

  @Test
  void rowThatDoesNotShareOutItsSourceStays() {
    model.matrix("k_b", 3, 4, 2);
    leaves("fuse-latent", latent(LatentFusionTest::plain, 0.5, 3));
  }

  @Test
  void firstColumnsThatAnythingElseMakesStay() {
    leaves(
        "fuse-latent",
        latent((t, first) -> t.concat(first, t.slice(first, 0, 1, "a"), "b"), 0.5, 4));
  }
}

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
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Tracer;
import dev.diecast.capture.graph.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code fuse-heads} and {@code fuse-attention}. */
class AttentionFusionTest {
  private final SmallModel model =
      new SmallModel().matrix("q", 8, 8).matrix("k", 8, 4).matrix("v", 8, 4);

  /** What becomes of two query heads and a key head of 4 before they meet. */
  @FunctionalInterface
  private interface Turn {
    Value trace(Tracer t, Value heads, String name);
  }

  private static Value turn(Tracer t, Value heads, String name) {
    return t.rope(heads, t.ropeAngles(List.of(0.5, 0.25), 1), true, name + "_rope");
  }

  private Graph attention(Turn turn) {
    return model.trace((t, x) -> {
      Value q = turn.trace(t, t.reshape(t.linear(x, "q", 8), 2, 4, "q_heads"), "q");
      Value k = turn.trace(t, t.linear(x, "k", 4), "k");
      CacheRef keys = t.kvWrite(k, "key_cache");
      CacheRef values = t.kvWrite(t.linear(x, "v", 4), "value_cache");
      Value seen = t.attention(q, keys, values, 1, 4, 0.5, "attention");
      return t.reshape(seen, 1, 8, "flat");
    });
  }

  @Test
  void ropesAndWritesAreOneBeforeTheAttention() {
    Graph before = attention(AttentionFusionTest::turn);
    Graph after = pass("fuse-heads", before, 1);
    assertThat(ops(after))
        .containsExactly(
            "Embed",
            "Linear",
            "Reshape",
            "RopeAngles",
            "Linear",
            "Linear",
            "HeadsPrepare",
            "Attention",
            "Reshape",
            "Linear",
            "Sample");
    Node prepare = only(after, FusedOp.HeadsPrepare.class);
    assertThat(prepare.inputs())
        .containsExactly(
            value(before, "q_heads"),
            value(before, "k"),
            value(before, "v"),
            value(before, "rope_angles"));
    assertThat(prepare.output()).isEqualTo(value(before, "q_rope"));
    assertThat(prepare.sources())
        .containsExactly("q_rope", "k_rope", "key_cache_write", "value_cache_write");
    FusedOp.HeadsPrepare op = (FusedOp.HeadsPrepare) prepare.op();
    assertThat(op.qNorm()).isEmpty();
    assertThat(op.k().name()).isEqualTo("key_cache");
    assertThat(op.v().name()).isEqualTo("value_cache");
    leaves("fuse-heads", after);
    assertThat(pass("canonicalize-dead-code", after, 0)).isEqualTo(after);
  }

  @Test
  void normsOfHeadsComeAlong() {
    model.vector("q_norm.weight", 4).vector("k_norm.weight", 4);
    Graph before =
        attention((t, heads, name) -> turn(t, t.rmsNorm(heads, name + "_norm", 1e-5), name));
    Graph after = pass("fuse-heads", before, 1);
    FusedOp.HeadsPrepare op = (FusedOp.HeadsPrepare) only(after, FusedOp.HeadsPrepare.class).op();
    assertThat(op.qNorm().getFirst().weight().name()).isEqualTo("q_norm.weight");
    assertThat(op.kNorm().getFirst().weight().name()).isEqualTo("k_norm.weight");
    assertThat(ops(after)).doesNotContain("RmsNorm");
  }

  @Test
  void normsWithDifferentEpsStay() {
    model.vector("q_norm.weight", 4).vector("k_norm.weight", 4);
    leaves(
        "fuse-heads",
        attention((t, heads, name) ->
            turn(t, t.rmsNorm(heads, name + "_norm", name.equals("q") ? 1e-5 : 1e-6), name)));
  }

  @Test
  void headsThatTurnDifferentlyStay() {
    leaves(
        "fuse-heads",
        attention((t, heads, name) ->
            t.rope(
                heads,
                t.ropeAngles(List.of(name.equals("q") ? 0.5 : 0.25), 1),
                true,
                name + "_rope")));
  }

  @Test
  void keysThatTurnAcrossHeadsStay() {
    SmallModel two = new SmallModel().matrix("k", 8, 8).matrix("v", 8, 8);
    leaves(
        "fuse-heads",
        two.trace((t, x) -> {
          Value q = turn(t, t.reshape(x, 2, 4, "q_heads"), "q");
          CacheRef keys = t.kvWrite(turn(t, t.linear(x, "k", 8), "k"), "key_cache");
          Value v = t.reshape(t.linear(x, "v", 8), 2, 4, "v_heads");
          CacheRef values = t.kvWrite(v, "value_cache");
          return t.reshape(t.attention(q, keys, values, 2, 4, 0.5, "attention"), 1, 8, "flat");
        }));
  }

  @Test
  void cacheRowsAreWrittenEvenIfNothingReadsTheQueries() {
    Graph before =
        model.trace((t, x) -> {
          Value q = turn(t, t.reshape(t.linear(x, "q", 8), 2, 4, "q_heads"), "q");
          CacheRef keys = t.kvWrite(turn(t, t.linear(x, "k", 4), "k"), "key_cache");
          CacheRef values = t.kvWrite(t.linear(x, "v", 4), "value_cache");
          t.attention(q, keys, values, 1, 4, 0.5, "attention");
          return x;
        });
    Graph after = pass("canonicalize-dead-code", pass("fuse-heads", before, 1), 1);
    assertThat(ops(after)).contains("HeadsPrepare").doesNotContain("Attention");
  }

  @Test
  void keysThatOthersReadStay() {
    leaves(
        "fuse-heads",
        model.trace((t, x) -> {
          Value q = turn(t, t.reshape(t.linear(x, "q", 8), 2, 4, "q_heads"), "q");
          Value k = turn(t, t.linear(x, "k", 4), "k");
          CacheRef keys = t.kvWrite(k, "key_cache");
          CacheRef values = t.kvWrite(t.linear(x, "v", 4), "value_cache");
          Value seen = t.attention(q, keys, values, 1, 4, 0.5, "attention");
          Value twice = t.reshape(t.concat(k, k, "twice"), 2, 4, "k_heads");
          return t.reshape(t.mul(seen, twice, "product"), 1, 8, "flat");
        }));
  }

  @Test
  void cacheThatAnotherAttentionReadsStays() {
    leaves(
        "fuse-heads",
        model.trace((t, x) -> {
          Value q = turn(t, t.reshape(t.linear(x, "q", 8), 2, 4, "q_heads"), "q");
          CacheRef keys = t.kvWrite(turn(t, t.linear(x, "k", 4), "k"), "key_cache");
          CacheRef values = t.kvWrite(t.linear(x, "v", 4), "value_cache");
          Value raw = t.reshape(x, 2, 4, "raw");
          Value one = t.attention(raw, keys, values, 1, 4, 0.5, "one");
          Value two = t.attention(q, keys, values, 1, 4, 0.5, "two");
          return t.reshape(t.add(one, two, "sum"), 1, 8, "flat");
        }));
  }

  @Test
  void attentionJoinsItsOwnSplits() {
    Graph before = attention(AttentionFusionTest::turn);
    Graph after = pass("fuse-attention", before, 1);
    FusedOp.SplitAttention op =
        (FusedOp.SplitAttention) only(after, FusedOp.SplitAttention.class).op();
    assertThat(op.value()).isEmpty();
    assertThat(op.attention()).isEqualTo(only(before, Op.Attention.class).op());
    assertThat(ops(after)).hasSameSizeAs(ops(before));
  }

  /** Attention of two heads of 4, and a matrix per head behind it. */
  private Graph valued(boolean transposed, boolean alone) {
    model.matrix("value", 4, 8);
    return model.trace((t, x) -> {
      Value q = t.reshape(t.linear(x, "q", 8), 2, 4, "q_heads");
      CacheRef keys = t.kvWrite(t.linear(x, "k", 4), "key_cache");
      CacheRef values = t.kvWrite(t.linear(x, "v", 4), "value_cache");
      Value seen = t.attention(q, keys, values, 1, 4, 0.5, "attention");
      Value out = t.headLinearPart(seen, "value", 4, 0, 4, 4, transposed, "value_b");
      return t.reshape(alone ? out : t.mul(out, seen, "product"), 1, 8, "flat");
    });
  }

  @Test
  void matrixPerHeadComesAlong() {
    Graph before = valued(false, true);
    Graph after = pass("fuse-attention", before, 1);
    Node split = only(after, FusedOp.SplitAttention.class);
    assertThat(((FusedOp.SplitAttention) split.op()).value()).hasSize(1);
    assertThat(split.output()).isEqualTo(value(before, "value_b"));
    assertThat(split.sources()).containsExactly("attention", "value_b");
    assertThat(ops(after)).doesNotContain("HeadLinear");
  }

  @Test
  void turnedMatrixAndOneBesideOtherReadersStay() {
    for (Graph before : List.of(valued(true, true), valued(false, false))) {
      Graph after = pass("fuse-attention", before, 1);
      FusedOp.SplitAttention op =
          (FusedOp.SplitAttention) only(after, FusedOp.SplitAttention.class).op();
      assertThat(op.value()).isEmpty();
      assertThat(ops(after)).contains("HeadLinear");
    }
  }
}

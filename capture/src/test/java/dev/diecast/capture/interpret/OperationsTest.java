package dev.diecast.capture.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.diecast.capture.graph.CacheRef;
import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.WeightReader;
import dev.diecast.plans.gguf.TensorInfo;
import dev.diecast.plans.gguf.TensorType;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Single operations against numbers worked out by hand. */
class OperationsTest {
  private static final Offset<Double> CLOSE = within(1e-14);

  /** Weight (row, column) reads as 10 * row + column. */
  private static final WeightReader COUNTING =
      (tensor, row, into) -> {
        for (int i = 0; i < into.length; i++) {
          into[i] = 10.0 * row + i;
        }
      };

  private final Matrices matrices = new Matrices(new WeightRows(COUNTING));

  private static TensorInfo tensor(Long... shape) {
    return new TensorInfo("w", TensorType.F32, List.of(shape), 0, 0, 0);
  }

  private static double[] of(double... values) {
    return values;
  }

  @Test
  void linear() {
    assertThat(matrices.linear(tensor(2L, 3L), of(1, 2, 3, 4), 2, 3))
        .containsExactly(of(2, 32, 62, 4, 74, 144), CLOSE);
  }

  @Test
  void headLinearTakesItsPartOfEachHead() {
    Op.HeadLinear part = new Op.HeadLinear(tensor(2L, 6L), 3, 1, 2, 2, false);
    assertThat(matrices.headLinear(part, of(1, 0, 0, 1), 2))
        .containsExactly(of(10, 20, 41, 51), CLOSE);
  }

  @Test
  void headLinearTransposed() {
    Op.HeadLinear part = new Op.HeadLinear(tensor(3L, 6L), 3, 0, 2, 3, true);
    assertThat(matrices.headLinear(part, of(1, 2, 0, 1), 2))
        .containsExactly(of(20, 23, 26, 40, 41, 42), CLOSE);
  }

  @Test
  void expertLinearSharesOneRowOrTakesOnePerSlot() {
    Op.ExpertLinear op = new Op.ExpertLinear(tensor(2L, 4L, 3L), 2, 2);
    assertThat(matrices.expertLinear(op, of(1, 0), 1, of(2, 0)))
        .containsExactly(of(100, 110, 20, 30), CLOSE);
    assertThat(matrices.expertLinear(op, of(1, 0, 0, 1), 2, of(2, 0)))
        .containsExactly(of(100, 110, 21, 31), CLOSE);
  }

  @Test
  void rmsNormPerRow() {
    double root = Math.sqrt(12.5 + 0.5);
    assertThat(Rows.rmsNorm(of(3, 4, 0, 0), of(1, 2), 0.5))
        .containsExactly(of(3 / root, 8 / root, 0, 0), CLOSE);
  }

  @Test
  void elementwise() {
    assertThat(Rows.add(of(1, 2), of(3, 5))).containsExactly(of(4, 7), CLOSE);
    assertThat(Rows.mul(of(1, 2), of(3, 5))).containsExactly(of(3, 10), CLOSE);
    assertThat(Rows.addBias(of(1, 2, 3, 4), of(10, 20))).containsExactly(of(11, 22, 13, 24), CLOSE);
    assertThat(Rows.silu(of(0, Math.log(3), -1e6)))
        .containsExactly(of(0, 0.75 * Math.log(3), 0), CLOSE);
  }

  @Test
  void sliceAndConcatWorkRowByRow() {
    assertThat(Rows.slice(of(1, 2, 3, 4, 5, 6), 2, 1, 3)).containsExactly(of(2, 3, 5, 6), CLOSE);
    assertThat(Rows.concat(of(1, 2), of(3, 4, 5, 6), 2))
        .containsExactly(of(1, 3, 4, 2, 5, 6), CLOSE);
  }

  @Test
  void ropeTurnsNeighboursOrHalves() {
    double[] quarter = Rows.ropeAngles(new Op.RopeAngles(List.of(Math.PI / 2, 0.0), 2), 1);
    assertThat(quarter).containsExactly(of(0, 2, 2, 0), CLOSE);
    double[] x = of(1, 2, 3, 4, 9);
    assertThat(Rows.rope(new Op.Rope(4, false), x, 1, quarter))
        .containsExactly(of(-4, 2, 6, 8, 9), CLOSE);
    assertThat(Rows.rope(new Op.Rope(4, true), x, 1, quarter))
        .containsExactly(of(-6, 4, 2, 8, 9), CLOSE);
  }

  @Test
  void attentionGroupsHeadsAndMayReadValuesFromTheKeys() {
    CacheRef k = new CacheRef("k", 0, 4);
    KvCaches caches = new KvCaches();
    caches.append(k, of(1, 0, 0, 5));
    caches.append(k, of(0, 1, 0, 7));
    Op.Attention op = new Op.Attention(k, k, 2, 2, 1, Math.log(2));
    double[] q = of(1, 0, 0, 1, 0, 0, 0, 1);
    assertThat(caches.attend(op, q, 4)).containsExactly(of(2.0 / 3, 1.0 / 3, 0.5, 0.8), CLOSE);
    caches.clear();
    caches.append(k, of(3, 0, 8, 0));
    assertThat(caches.attend(op, q, 4)).containsExactly(of(3, 3, 0, 0), CLOSE);
  }

  @Test
  void routingWeighsWithoutTheBiasThatChose() {
    Op.Route op = new Op.Route(2, Op.Gating.SIGMOID, true, 1.5, List.of());
    double[] p = Routing.probabilities(Op.Gating.SIGMOID, of(0, Math.log(3), -1e9));
    assertThat(p).containsExactly(of(0.5, 0.75, 0), CLOSE);
    double[] ids = Routing.largest(Rows.add(p, of(0, -9, 9)), 2);
    assertThat(ids).containsExactly(of(2, 0), CLOSE);
    assertThat(Routing.weights(op, p, ids)).containsExactly(of(0, 1.5), CLOSE);
  }

  @Test
  void routingPrefersTheLowerIdAmongEquals() {
    assertThat(Routing.largest(of(1, 3, 3, 1), 3)).containsExactly(of(1, 2, 0), CLOSE);
  }

  @Test
  void routingNeverDividesByNothing() {
    Op.Route op = new Op.Route(1, Op.Gating.SIGMOID, true, 1, List.of());
    assertThat(Routing.weights(op, of(0, 0), of(1))).containsExactly(of(0), CLOSE);
    assertThat(Routing.weights(op, of(0, 0x1p-15), of(1))).containsExactly(of(0.5), CLOSE);
  }

  @Test
  void softmaxOfLargeNumbers() {
    assertThat(Routing.softmax(of(1e6, 1e6 + Math.log(3))))
        .containsExactly(of(0.25, 0.75), within(1e-9));
  }

  @Test
  void combineWeighsSlots() {
    assertThat(Rows.expertCombine(of(1, 2, 3, 4), of(10, 1))).containsExactly(of(13, 24), CLOSE);
  }
}

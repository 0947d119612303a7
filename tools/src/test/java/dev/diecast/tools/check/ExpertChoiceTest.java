package dev.diecast.tools.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.WeightReader;
import dev.diecast.plans.gguf.TensorInfo;
import dev.diecast.plans.gguf.TensorType;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpertChoiceTest {
  private static final double[] LOGITS = {1, 0.5, 0.501, -1};
  private static final TensorInfo BIAS =
      new TensorInfo("bias", TensorType.F32, List.of(4L), 0, 0, 16);

  private static boolean nearlyTied(List<TensorInfo> bias, double... got) {
    Op.Route route = new Op.Route(2, Op.Gating.SIGMOID, true, 1, bias);
    // Lifts the last expert from sigmoid(-1) to sigmoid(0.5).
    WeightReader lifted = (tensor, row, into) -> into[3] = 0.353518;
    return ExpertChoice.nearlyTied(route, lifted, LOGITS, got, new double[] {0, 2}, 1e-2);
  }

  @Test
  void roundingMayChooseEitherOfATie() {
    assertThat(nearlyTied(List.of(), 0, 1)).isTrue();
  }

  @Test
  void aClearlyWorseExpertIsWrong() {
    assertThat(nearlyTied(List.of(), 0, 3)).isFalse();
    assertThat(nearlyTied(List.of(), 2, 0)).isFalse();
  }

  @Test
  void theBiasCounts() {
    assertThat(nearlyTied(List.of(), 0, 3)).isFalse();
    assertThat(nearlyTied(List.of(BIAS), 0, 3)).isTrue();
  }

  /** Of many experts each has a small share: what is far in logits is near in probabilities. */
  @Test
  void aSoftmaxOverManyExpertsIsJudgedByItsLogits() {
    double[] logits = new double[64];
    logits[0] = 1;
    logits[1] = 0.9;
    logits[2] = 0.899;
    assertThat(softmax(List.of(), logits, 0, 1, 2)).isTrue();
    assertThat(softmax(List.of(), logits, 2, 0, 1)).isFalse();
    assertThat(softmax(List.of(), logits, 0, 1, 3)).isFalse();
  }

  @Test
  void aSoftmaxWithABiasIsJudgedByWhatItsSharesMayBe() {
    double[] logits = new double[64];
    logits[0] = 1;
    logits[1] = 0.9;
    logits[2] = 0.899;
    assertThat(softmax(List.of(BIAS), logits, 0, 1, 2)).isTrue();
    assertThat(softmax(List.of(BIAS), logits, 0, 1, 5)).isFalse();
  }

  /** Whether the last of got may stand for the second of wanted, the first being the same. */
  private static boolean softmax(
      List<TensorInfo> bias, double[] logits, int first, int wanted, int got) {
    Op.Route route = new Op.Route(2, Op.Gating.SOFTMAX, true, 1, bias);
    double[] chosen = {first, got};
    WeightReader none = (tensor, row, into) -> {};
    return ExpertChoice.nearlyTied(route, none, logits, chosen, new double[] {first, wanted}, 1e-2);
  }

  @Test
  void noExpertIsChosenTwiceOrBeyondTheLast() {
    assertThat(nearlyTied(List.of(), 0, 0)).isFalse();
    assertThat(nearlyTied(List.of(), 0, 4)).isFalse();
    assertThat(nearlyTied(List.of(), 0, -1)).isFalse();
  }
}

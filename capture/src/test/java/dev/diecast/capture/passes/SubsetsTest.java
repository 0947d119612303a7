package dev.diecast.capture.passes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.capture.arch.TinyModel;
import dev.diecast.capture.graph.FusedOp;
import dev.diecast.capture.graph.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Any subset of the rules leaves a graph that holds and computes the same. */
class SubsetsTest {
  private static final int RANDOM_SUBSETS = 60;

  static Stream<TinyModel> models() {
    return Stream.concat(TinyModel.all().stream(), Stream.of(unsplit(), oneTensorExperts()));
  }

  /** As older files hold the latent matrices. */
  private static TinyModel unsplit() {
    TinyModel model = TinyModel.flash();
    for (String p : List.of("blk.0.", "blk.1.")) {
      model.without(p + "attn_k_b.weight").without(p + "attn_v_b.weight");
      model.tensor(p + "attn_kv_b.weight", 8, 3 * (6 + 5));
    }
    return model;
  }

  /** With gate and up of the experts in one tensor, and biases where a model may have them. */
  private static TinyModel oneTensorExperts() {
    TinyModel model = TinyModel.lite();
    model.without("blk.1.ffn_gate_exps.weight").without("blk.1.ffn_up_exps.weight");
    model.tensor("blk.1.ffn_gate_up_exps.weight", TinyModel.WIDTH, 14, 5);
    return model
        .tensor("blk.0.ffn_gate.bias", 20)
        .tensor("blk.0.ffn_down.bias", TinyModel.WIDTH)
        .tensor("blk.1.ffn_down_shexp.bias", TinyModel.WIDTH);
  }

  private static List<String> optional() {
    return Passes.STANDARD.stream().filter(pass -> !pass.required()).map(Pass::name).toList();
  }

  private static void check(Graph traced, List<String> off) {
    PassSelection selection = new PassSelection(off.stream().map(name -> "-" + name).toList());
    Graph after = Passes.run(traced, selection).graph();
    GraphChecks.requireValid(after);
    GraphChecks.requireSameLogits(traced, after);
  }

  @ParameterizedTest
  @MethodSource("models")
  void wholeTable(TinyModel model) {
    Graph traced = model.trace();
    check(traced, List.of());
    check(traced, optional());
  }

  @ParameterizedTest
  @MethodSource("models")
  void eachRuleOff(TinyModel model) {
    Graph traced = model.trace();
    optional().forEach(name -> check(traced, List.of(name)));
  }

  @ParameterizedTest
  @MethodSource("models")
  void eachRuleAlone(TinyModel model) {
    Graph traced = model.trace();
    for (String name : optional()) {
      check(traced, optional().stream().filter(other -> !other.equals(name)).toList());
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void randomSubsets(TinyModel model) {
    Graph traced = model.trace();
    Random random = new Random(20);
    for (int i = 0; i < RANDOM_SUBSETS; i++) {
      List<String> off = new ArrayList<>(optional());
      off.removeIf(name -> random.nextBoolean());
      check(traced, off);
    }
  }

  /** Running the table on its own result changes nothing: no rule leaves work for another run. */
  @ParameterizedTest
  @MethodSource("models")
  void tableIsDoneAfterOneRun(TinyModel model) {
    Graph once = Passes.run(model.trace(), PassSelection.ALL).graph();
    assertThat(once.nodes()).anyMatch(node -> node.op() instanceof FusedOp.Group);
    assertThat(Passes.run(once, PassSelection.ALL).graph()).isEqualTo(once);
  }
}

package dev.diecast.plans.shapes;

import dev.diecast.plans.gguf.GgufLayout;
import dev.diecast.plans.gguf.TensorType;
import java.util.ArrayList;
import java.util.List;

/** Gathers the tensor table of a shape. Shapes are in GGUF order: row length first. */
final class ShapeTensors {
  private final TypeMix mix;
  private final int layers;
  private final List<GgufLayout.Spec> specs = new ArrayList<>();
  private String prefix = "";
  private int layer;

  ShapeTensors(TypeMix mix, int layers) {
    this.mix = mix;
    this.layers = layers;
  }

  List<GgufLayout.Spec> specs() {
    return specs;
  }

  /** What follows belongs to that layer. */
  void layer(int index) {
    layer = index;
    prefix = "blk." + index + ".";
  }

  /** What follows belongs to no layer. */
  void global() {
    prefix = "";
  }

  /** A norm, bias, router or table: always float32. */
  void f32(String name, long... shape) {
    specs.add(GgufLayout.Spec.of(prefix + name, TensorType.F32, shape));
  }

  void matrix(String name, long... shape) {
    matrix(TypeMix.Role.PLAIN, name, shape);
  }

  void matrix(TypeMix.Role role, String name, long... shape) {
    TensorType type = mix.typeOf(role, shape[0], layer, layers);
    specs.add(GgufLayout.Spec.of(prefix + name, type, shape));
  }

  /** The token embedding first, and what comes after the last layer. */
  void embedding(long width, long vocab, boolean tied) {
    matrix(tied ? TypeMix.Role.OUTPUT : TypeMix.Role.PLAIN, "token_embd.weight", width, vocab);
  }

  void output(long width, long vocab, boolean tied) {
    global();
    f32("output_norm.weight", width);
    if (!tied) {
      matrix(TypeMix.Role.OUTPUT, "output.weight", width, vocab);
    }
  }

  void denseFfn(long width, long hidden) {
    matrix("ffn_gate.weight", width, hidden);
    matrix("ffn_up.weight", width, hidden);
    matrix(TypeMix.Role.SENSITIVE, "ffn_down.weight", hidden, width);
  }

  void expertFfn(long width, Experts experts) {
    f32("ffn_gate_inp.weight", width, experts.count());
    if (experts.selectionBias()) {
      f32("exp_probs_b.bias", experts.count());
    }
    matrix("ffn_gate_exps.weight", width, experts.width(), experts.count());
    matrix("ffn_up_exps.weight", width, experts.width(), experts.count());
    matrix(TypeMix.Role.SENSITIVE, "ffn_down_exps.weight", experts.width(), width, experts.count());
    if (experts.shared() > 0) {
      long hidden = (long) experts.width() * experts.shared();
      matrix("ffn_gate_shexp.weight", width, hidden);
      matrix("ffn_up_shexp.weight", width, hidden);
      matrix(TypeMix.Role.SENSITIVE, "ffn_down_shexp.weight", hidden, width);
    }
  }
}

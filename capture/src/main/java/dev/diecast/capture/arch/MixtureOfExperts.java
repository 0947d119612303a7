package dev.diecast.capture.arch;

import dev.diecast.capture.graph.Op;
import dev.diecast.capture.graph.Tracer;
import dev.diecast.capture.graph.Value;
import java.util.List;

/**
 * A feed-forward layer of which each token uses a few experts, weighted, and maybe shared ones
 * always.
 *
 * @param width of the residual stream
 * @param experts how many there are
 * @param used how many a token uses
 * @param hidden width inside an expert
 * @param gating how logits become probabilities
 * @param normalise whether the weights of the chosen are divided by their sum
 * @param scale what weights are then multiplied by
 * @param shared the experts that every token uses, as one; a one element list or empty
 */
record MixtureOfExperts(
    int width,
    int experts,
    int used,
    int hidden,
    Op.Gating gating,
    boolean normalise,
    double scale,
    List<DenseFeedForward> shared) {

  static MixtureOfExperts read(
      HyperParameters keys,
      int width,
      int hidden,
      Op.Gating gating,
      boolean normalise,
      List<DenseFeedForward> shared) {
    int experts = keys.count("expert_count", HyperParameters.MAX_EXPERTS);
    int used = keys.count("expert_used_count", HyperParameters.MAX_EXPERTS);
    keys.require(used <= experts, "expert_used_count", used + " of only " + experts + " experts");
    requireNoGroups(keys);
    double scale = keys.number("expert_weights_scale", 0);
    return new MixtureOfExperts(
        width, experts, used, hidden, gating, normalise, scale == 0 ? 1 : scale, shared);
  }

  /** Choosing groups before experts matters only when some groups are left out. */
  private static void requireNoGroups(HyperParameters keys) {
    int groups = keys.count("expert_group_count", HyperParameters.MAX_EXPERTS, 1);
    int groupsUsed = keys.count("expert_group_used_count", HyperParameters.MAX_EXPERTS, groups);
    keys.require(
        groups <= 1 || groupsUsed == groups,
        "expert_group_used_count",
        groupsUsed + " of " + groups + " groups, which Diecast cannot run yet");
  }

  Value trace(Tracer t, Value h) {
    Value logits = t.linear(h, "ffn_gate_inp", experts);
    boolean biased = t.has("exp_probs_b", "bias");
    Tracer.Routing chosen = t.route(logits, used, gating, normalise, scale, biased, "route");
    Value gate = t.silu(gate(t, h, chosen.ids()), "ffn_silu_exps");
    Value gated = t.mul(gate, up(t, h, chosen.ids()), "ffn_gated_exps");
    Value down = part(t, gated, chosen.ids(), "ffn_down_exps", width, 0, width, "ffn_down_exps");
    Value y = t.expertCombine(down, chosen.weights(), "expert_combine");
    for (DenseFeedForward always : shared) {
      y = t.add(y, always.trace(t, h), "ffn_shared_sum");
    }
    return y;
  }

  private Value gate(Tracer t, Value h, Value ids) {
    return fused(t)
        ? part(t, h, ids, "ffn_gate_up_exps", 2 * hidden, 0, hidden, "ffn_gate_exps")
        : part(t, h, ids, "ffn_gate_exps", hidden, 0, hidden, "ffn_gate_exps");
  }

  private Value up(Tracer t, Value h, Value ids) {
    return fused(t)
        ? part(t, h, ids, "ffn_gate_up_exps", 2 * hidden, hidden, hidden, "ffn_up_exps")
        : part(t, h, ids, "ffn_up_exps", hidden, 0, hidden, "ffn_up_exps");
  }

  /** Some files keep each expert's gate rows and up rows in one tensor, gate first. */
  private static boolean fused(Tracer t) {
    return t.has("ffn_gate_up_exps", "weight");
  }

  private Value part(
      Tracer t, Value x, Value ids, String name, int perExpert, int first, int rows, String label) {
    return t.expertLinear(x, ids, name, experts, perExpert, first, rows, label);
  }
}

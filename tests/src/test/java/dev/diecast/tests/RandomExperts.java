package dev.diecast.tests;

/**
 * The expert tensors of a random model.
 *
 * @param draft the model
 * @param width of the residual stream
 * @param experts how many
 * @param hidden rows of an expert's gate
 * @param shared shared experts, 0 for none
 * @param bias whether the choice has a bias
 * @param fused whether gate and up are one tensor
 */
record RandomExperts(
    ModelDraft draft, int width, int experts, int hidden, int shared, boolean bias, boolean fused) {
  /** Experts without shared ones, as Qwen3 has them; writes the keys. */
  static RandomExperts plain(ModelDraft draft, int width) {
    return of(draft, width, 0, false);
  }

  /** Random experts; writes the keys. */
  static RandomExperts of(ModelDraft draft, int width, int shared, boolean bias) {
    int experts = draft.between(4, 20);
    int hidden = 32 * draft.between(1, 8);
    draft.key("expert_count", experts);
    draft.key("expert_used_count", draft.between(1, Math.min(4, experts)));
    draft.key("expert_feed_forward_length", hidden);
    if (shared > 0) {
      draft.key("expert_shared_count", shared);
    }
    return new RandomExperts(draft, width, experts, hidden, shared, bias, draft.coin());
  }

  void describe(String block) {
    draft.floats(block + "ffn_gate_inp.weight", 0, 1.5 / Math.sqrt(width), width, experts);
    if (bias) {
      draft.floats(block + "exp_probs_b.bias", 0, 0.15, experts);
    }
    if (fused) {
      draft.matrix(block + "ffn_gate_up_exps.weight", 1, width, 2L * hidden, experts);
    } else {
      draft.matrix(block + "ffn_gate_exps.weight", 1, width, hidden, experts);
      draft.matrix(block + "ffn_up_exps.weight", 1, width, hidden, experts);
    }
    draft.matrix(block + "ffn_down_exps.weight", 1.5, hidden, width, experts);
    if (shared > 0) {
      long rows = (long) shared * hidden;
      draft.matrix(block + "ffn_gate_shexp.weight", 1, width, rows);
      draft.matrix(block + "ffn_up_shexp.weight", 1, width, rows);
      draft.matrix(block + "ffn_down_shexp.weight", 1.5, rows, width);
    }
  }
}

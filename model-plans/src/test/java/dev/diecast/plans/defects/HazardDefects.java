package dev.diecast.plans.defects;

import static dev.diecast.plans.defects.Defect.defect;
import static dev.diecast.plans.defects.PlanEdits.arg;
import static dev.diecast.plans.defects.PlanEdits.at;
import static dev.diecast.plans.defects.PlanEdits.barrier;
import static dev.diecast.plans.defects.PlanEdits.binding;

import java.util.List;

/** Order: barriers, and bytes that one dispatch both reads and writes. */
final class HazardDefects {
  private static final String Q = "program decode, dispatch 2 (blk.0.attn_q)";

  private HazardDefects() {}

  static List<Defect> all() {
    return List.of(
        defect(
            "missing barrier, read after write",
            Q,
            "slot 1 reads bytes of buffer arena that dispatch 1 (blk.0.attn_norm) writes",
            barrier("blk.0.attn_q", false)),
        defect(
            "missing barrier, write after write",
            "program decode, dispatch 3 (blk.0.attn_k)",
            "slot 3 writes bytes of buffer arena that dispatch 2 (blk.0.attn_q) writes",
            binding("blk.0.attn_k", 3, b -> at(b, 1024 + 64, 64))),
        defect(
            "missing barrier, write after read",
            "program decode, dispatch 4 (blk.0.attn_v)",
            "slot 3 writes bytes of buffer arena that dispatch 3 (blk.0.attn_k) reads",
            binding("blk.0.attn_v", 3, b -> at(b, 512, 128))),
        defect(
            "missing barrier, KV read after write",
            "program decode, dispatch 7 (blk.0.attention)",
            "slot 1 reads bytes of buffer kv that dispatch 5 (blk.0.k) writes",
            barrier("blk.0.attention", false)),
        defect(
            "missing barrier, state",
            "program decode, dispatch 17 (advance)",
            "slot 0 writes bytes of buffer state that dispatch 16 (sample) writes",
            barrier("advance", false)),
        defect(
            "output over its input",
            Q,
            "it writes y over bytes that it also binds as x",
            binding("blk.0.attn_q", 3, b -> at(b, 512, 128))),
        defect(
            "output over part of its input",
            "program decode, dispatch 13 (blk.0.ffn_residual)",
            "it writes y over bytes that it also binds as residual",
            binding("blk.0.ffn_residual", 4, b -> at(b, 16, 112))),
        defect(
            "in place with other strides",
            "program decode, dispatch 13 (blk.0.ffn_residual)",
            "y is residual, but their strides differ",
            arg("blk.0.ffn_residual", "expert_combine", "residual_stride", 16)));
  }
}

package dev.diecast.plans.defects;

import static dev.diecast.plans.defects.Defect.defect;
import static dev.diecast.plans.defects.PlanEdits.at;
import static dev.diecast.plans.defects.PlanEdits.binding;
import static dev.diecast.plans.defects.PlanEdits.buffer;
import static dev.diecast.plans.defects.PlanEdits.dispatch;
import static dev.diecast.plans.defects.PlanEdits.in;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Dispatch.Extent;
import dev.diecast.plans.PlanBuffer;
import java.util.List;

/** Ranges, alignment and numbers of a dispatch, whatever its kernel. */
final class RangeDefects {
  private static final String Q = "program decode, dispatch 2 (blk.0.attn_q)";
  private static final int CONSTANTS = 1;

  private RangeDefects() {}

  static List<Defect> all() {
    return List.of(
        defect("no such buffer", Q, "no buffer 99", binding("blk.0.attn_q", 1, b -> in(b, 99))),
        defect(
            "negative buffer index", Q, "no buffer -1", binding("blk.0.attn_q", 1, b -> in(b, -1))),
        defect(
            "offset past the end",
            Q,
            "not inside buffer arena",
            binding("blk.0.attn_q", 3, b -> at(b, 8176, 32))),
        defect(
            "size that overflows",
            Q,
            "not inside buffer arena",
            binding("blk.0.attn_q", 3, b -> at(b, 16, Long.MAX_VALUE))),
        defect(
            "negative offset",
            Q,
            "not inside buffer arena",
            binding("blk.0.attn_q", 3, b -> at(b, -16, 16))),
        defect(
            "empty range",
            Q,
            "not inside buffer arena",
            binding("blk.0.attn_q", 3, b -> at(b, 1024, 0))),
        defect(
            "arena offset misaligned",
            Q,
            "multiple of 16",
            binding("blk.0.attn_q", 3, b -> at(b, 1028, 64))),
        defect(
            "offset of 2^32",
            Q,
            "does not fit 32 bits",
            binding("blk.0.attn_q", 3, b -> at(b, 1L << 32, 64))),
        defect(
            "weight blocks misaligned",
            Q,
            "is no multiple of 2",
            binding("blk.0.attn_q", 0, b -> at(b, b.offset() + 1, 34))),
        defect(
            "float weights misaligned",
            "program decode, dispatch 1 (blk.0.attn_norm)",
            "is no multiple of 4",
            binding("blk.0.attn_norm", 1, b -> at(b, b.offset() + 2, 64))),
        defect(
            "range over two tensors",
            Q,
            "no tensor of window weights holds",
            binding("blk.0.attn_q", 0, b -> at(b, b.offset(), 1200))),
        defect(
            "write to weights",
            Q,
            "which is read-only",
            binding("blk.0.attn_q", 3, b -> at(in(b, 0), 0, 34))),
        defect(
            "write to constants",
            Q,
            "which is read-only",
            binding("blk.0.attn_q", 3, b -> at(in(b, CONSTANTS), 0, 64))),
        defect(
            "layer out of range",
            Q,
            "the model has no layer 1",
            dispatch("blk.0.attn_q", d -> placed(d, 1, Extent.ONE))),
        defect(
            "grid of zero",
            Q,
            "grid is not positive",
            dispatch("blk.0.attn_q", d -> placed(d, 0, new Extent(1, 0, 1)))),
        defect(
            "threadgroup too large",
            Q,
            "threadgroup is not 1 to 1024",
            dispatch("blk.0.attn_q", d -> placed(d, 0, new Extent(1 << 30, 1 << 30, 1 << 30)))),
        defect(
            "KV cache too small",
            "program decode, dispatch 6 (blk.0.v)",
            "not inside buffer kv of 1024",
            buffer("kv", b -> new PlanBuffer.Kv(b.name(), b.bytes() / 2))),
        defect(
            "negative cost",
            Q,
            "operations are negative",
            dispatch("blk.0.attn_q", RangeDefects::costless)));
  }

  private static Dispatch placed(Dispatch d, int layer, Extent extent) {
    return new Dispatch(
        d.kernel(),
        d.label(),
        layer,
        extent,
        extent,
        d.bindings(),
        d.args(),
        d.barrierBefore(),
        d.sourceOps(),
        d.weightBytes(),
        d.activationBytes(),
        d.flops());
  }

  private static Dispatch costless(Dispatch d) {
    return new Dispatch(
        d.kernel(),
        d.label(),
        d.layer(),
        d.grid(),
        d.threadgroup(),
        d.bindings(),
        d.args(),
        d.barrierBefore(),
        d.sourceOps(),
        d.weightBytes(),
        d.activationBytes(),
        -1);
  }
}

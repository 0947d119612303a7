package dev.diecast.plans.defects;

import static dev.diecast.plans.defects.Defect.defect;
import static dev.diecast.plans.defects.PlanEdits.arg;
import static dev.diecast.plans.defects.PlanEdits.args;
import static dev.diecast.plans.defects.PlanEdits.at;
import static dev.diecast.plans.defects.PlanEdits.binding;
import static dev.diecast.plans.defects.PlanEdits.bindings;
import static dev.diecast.plans.defects.PlanEdits.dispatch;
import static dev.diecast.plans.defects.PlanEdits.in;
import static dev.diecast.plans.defects.PlanEdits.with;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Dispatch.Access;
import dev.diecast.plans.Dispatch.Binding;
import dev.diecast.plans.SmallPlan;
import java.util.Arrays;
import java.util.List;

/** Bindings and arguments against the contract of their kernel. */
final class ContractDefects {
  private static final String Q = "program decode, dispatch 2 (blk.0.attn_q)";
  private static final int ARENA = 3;
  private static final int LOGITS = 5;

  private ContractDefects() {}

  static List<Defect> all() {
    return List.of(
        defect(
            "kernel index out of range",
            Q,
            "the plan has no kernel 77",
            dispatch("blk.0.attn_q", d -> kernel(d, 77))),
        defect(
            "required slot unbound",
            Q,
            "needs slot 1 x",
            bindings("blk.0.attn_q", all -> without(all, 1))),
        defect(
            "slot that the kernel lacks",
            Q,
            "gemv_q8_0 has no slot 6",
            bindings("blk.0.attn_q", all -> with(all, slot(all.getFirst(), 6)))),
        defect(
            "slot above 30",
            Q,
            "slot 31 is above 30",
            bindings("blk.0.attn_q", all -> with(all, slot(all.getFirst(), 31)))),
        defect(
            "two bindings of one slot",
            Q,
            "slot 3 after slot 3",
            bindings("blk.0.attn_q", all -> with(all, all.get(3)))),
        defect(
            "access mode wrong",
            Q,
            "declares READ for x",
            binding("blk.0.attn_q", 1, b -> access(b, Access.WRITE))),
        defect(
            "argument struct of the wrong size",
            Q,
            "31 argument bytes",
            args("blk.0.attn_q", bytes -> Arrays.copyOf(bytes, 31))),
        defect(
            "n_tokens beyond the program",
            Q,
            "n_tokens = 5",
            arg("blk.0.attn_q", "gemv_q8_0", "n_tokens", 5)),
        defect(
            "weight type that the kernel cannot read",
            Q,
            "gemv_q8_0 reads q8_0, but tensor blk.0.ffn_gate_inp.weight is f32",
            binding("blk.0.attn_q", 0, b -> at(b, routerOffset(), 512))),
        defect(
            "step state elsewhere",
            Q,
            "buffer arena cannot be step",
            binding("blk.0.attn_q", 2, b -> in(b, ARENA))),
        defect(
            "KV rows outside a cache",
            "program decode, dispatch 5 (blk.0.k)",
            "buffer logits cannot be cache",
            binding("blk.0.k", 2, b -> at(in(b, LOGITS), 0, 256))),
        defect(
            "tokens from an activation",
            "program decode, dispatch 0 (token_embd)",
            "buffer arena cannot be tokens",
            binding("token_embd", 1, b -> in(b, ARENA))),
        defect(
            "ring cut short",
            "program decode, dispatch 17 (advance)",
            "cannot be ring",
            binding("advance", 1, b -> at(b, 0, 64))),
        defect(
            "step state cut short",
            Q,
            "buffer state cannot be step",
            binding("blk.0.attn_q", 2, b -> at(b, 0, 64))),
        defect(
            "token read from another field of the state",
            "program decode, dispatch 0 (token_embd)",
            "buffer state cannot be tokens",
            binding("token_embd", 1, b -> at(b, 16, 4))),
        defect(
            "more KV rows than the cache holds",
            "program decode, dispatch 5 (blk.0.k)",
            "16 rows with a stride of 64 values are not inside its 1024 bytes",
            arg("blk.0.k", "kv_write", "row_stride", 64)),
        defect(
            "KV rows that all lie in one place",
            "program decode, dispatch 5 (blk.0.k)",
            "16 rows with a stride of 0 values",
            arg("blk.0.k", "kv_write", "row_stride", 0)),
        defect(
            "KV capacity unlike the context",
            "program decode, dispatch 7 (blk.0.attention)",
            "capacity = 8, but the model's context is 16",
            arg("blk.0.attention", "attention", "capacity", 8)));
  }

  private static List<Binding> without(List<Binding> all, int slot) {
    return PlanEdits.without(all, binding -> binding.slot() == slot);
  }

  private static long routerOffset() {
    return SmallPlan.build().tensors().stream()
        .filter(tensor -> tensor.name().equals("blk.0.ffn_gate_inp.weight"))
        .findFirst()
        .orElseThrow()
        .offset();
  }

  private static Dispatch kernel(Dispatch d, int kernel) {
    return new Dispatch(
        kernel,
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
        d.flops());
  }

  private static Binding slot(Binding b, int slot) {
    return new Binding(slot, b.buffer(), b.offset(), b.bytes(), b.access(), b.expert());
  }

  private static Binding access(Binding b, Access access) {
    return new Binding(b.slot(), b.buffer(), b.offset(), b.bytes(), access, b.expert());
  }
}

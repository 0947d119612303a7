package dev.diecast.plans.defects;

import static dev.diecast.plans.defects.Defect.defect;
import static dev.diecast.plans.defects.PlanEdits.binding;
import static dev.diecast.plans.defects.PlanEdits.expert;

import dev.diecast.plans.Dispatch.Binding;
import dev.diecast.plans.Dispatch.ExpertIndex;
import java.util.List;

/** Addresses that depend on the expert. */
final class ExpertDefects {
  private static final String Q = "program decode, dispatch 2 (blk.0.attn_q)";
  private static final String EXPERTS = "program decode, dispatch 12 (blk.0.ffn_up_exps)";

  private ExpertDefects() {}

  static List<Defect> all() {
    return List.of(
        defect(
            "more experts than the tensor holds",
            EXPERTS,
            "are not inside its 4352 bytes",
            expert(e -> experts(e, 5, 1088, 1088))),
        defect(
            "expert count that overflows",
            EXPERTS,
            "are not inside its 4352 bytes",
            expert(e -> experts(e, Long.MAX_VALUE, Long.MAX_VALUE / 2, 1))),
        defect(
            "expert stride too small",
            EXPERTS,
            "with a stride of 1000",
            expert(e -> experts(e, 4, 1000, 1088))),
        defect("no experts", EXPERTS, "0 experts", expert(e -> experts(e, 0, 1088, 1088))),
        defect(
            "expert count unlike the arguments",
            EXPERTS,
            "the arguments say 4 experts",
            expert(e -> experts(e, 3, 1088, 1088))),
        defect(
            "ids slot wrong",
            EXPERTS,
            "slot 9 holds no expert ids",
            expert(e -> new ExpertIndex(9, e.count(), e.stride(), e.bytes()))),
        defect(
            "expert stride missing",
            EXPERTS,
            "needs the expert stride",
            binding(
                "blk.0.ffn_up_exps",
                0,
                b -> new Binding(0, b.buffer(), b.offset(), b.bytes(), b.access(), null))),
        defect(
            "expert stride where none belongs",
            Q,
            "adds no expert offset to w",
            binding(
                "blk.0.attn_q",
                0,
                b ->
                    new Binding(
                        0, b.buffer(), b.offset(), 1088, b.access(), new ExpertIndex(1, 1, 9, 9)))),
        defect(
            "expert stride too large",
            EXPERTS,
            "4 experts with a stride of 1632 are not inside its 4352 bytes",
            expert(e -> experts(e, 4, 1632, 1088))));
  }

  private static ExpertIndex experts(ExpertIndex e, long count, long stride, long bytes) {
    return new ExpertIndex(e.idsSlot(), count, stride, bytes);
  }
}

package dev.diecast.plans.defects;

import static dev.diecast.plans.defects.Defect.defect;
import static dev.diecast.plans.defects.PlanEdits.at;
import static dev.diecast.plans.defects.PlanEdits.binding;
import static dev.diecast.plans.defects.PlanEdits.dispatches;
import static dev.diecast.plans.defects.PlanEdits.value;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Program.ArenaValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Places and lives of arena values. */
final class ArenaDefects {
  private static final String Q = "program decode, dispatch 2 (blk.0.attn_q)";

  private ArenaDefects() {}

  static List<Defect> all() {
    return List.of(
        defect(
            "life too short",
            "program decode, dispatch 8 (blk.0.attended)",
            "lie in no value alive here",
            value("blk.0.partial", v -> life(v, v.firstDispatch(), 7))),
        defect(
            "binding outside every value",
            "program decode, dispatch 7 (blk.0.attention)",
            "lie in no value alive here",
            binding("blk.0.attention", 0, b -> at(b, 4096, 128))),
        defect(
            "read of bytes that nothing wrote",
            "program decode, dispatch 9 (blk.0.attn_residual)",
            "slot 1 reads blk.0.attended before anything has written arena byte 1088",
            binding("blk.0.attended", 2, b -> at(b, 1024, 64))),
        defect(
            "read before the first write",
            Q,
            "reads blk.0.attn_q before anything has written arena byte 1024",
            binding("blk.0.attn_q", 1, b -> at(b, 1024, 128))),
        defect(
            "values alive together that overlap",
            "program decode, arena value blk.0.attended (bytes 1024 + 128, dispatches 8 to 9)",
            "it shares bytes with blk.0.attn_q (bytes 1024 + 128, dispatches 2 to 9), alive",
            value("blk.0.attn_q", v -> life(v, v.firstDispatch(), 9))),
        defect(
            "value outside the arena",
            "program decode, arena value scratch (bytes 8190 + 512, dispatches 16 to 16)",
            "not inside the arena of 8192",
            value("scratch", v -> new ArenaValue(v.label(), 8190, v.bytes(), 16, 16))),
        defect(
            "life beyond the program",
            "program decode, arena value last (bytes 512 + 128, dispatches 14 to 18)",
            "it lives from 14 to 18",
            value("last", v -> life(v, 14, 18))),
        defect(
            "cyclic order: each reads what the other writes",
            "program decode, dispatch 1 (blk.0.attn_norm)",
            "reads blk.0.attn_q before anything has written arena byte 1024",
            value("blk.0.attn_q", v -> life(v, 1, v.lastDispatch()))
                .andThen(binding("blk.0.attn_norm", 0, b -> at(b, 1024, 128)))),
        defect(
            "two dispatches in the wrong order",
            "program decode, dispatch 1 (blk.0.attn_q)",
            "slot 1: arena bytes 512 + 128 lie in no value alive here",
            value("h", v -> life(v, 2, v.lastDispatch()))
                .andThen(dispatches(ArenaDefects::queryBeforeNorm))));
  }

  private static ArenaValue life(ArenaValue v, int first, int last) {
    return new ArenaValue(v.label(), v.offset(), v.bytes(), first, last);
  }

  private static List<Dispatch> queryBeforeNorm(List<Dispatch> all) {
    List<Dispatch> swapped = new ArrayList<>(all);
    Collections.swap(swapped, 1, 2);
    return swapped;
  }
}

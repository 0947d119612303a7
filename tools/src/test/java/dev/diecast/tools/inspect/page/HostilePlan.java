package dev.diecast.tools.inspect.page;

import static dev.diecast.plans.Dispatch.Access.READ;
import static dev.diecast.plans.Dispatch.Access.WRITE;
import static dev.diecast.tools.inspect.TestPlans.bytes;
import static dev.diecast.tools.inspect.TestPlans.dispatch;

import dev.diecast.plans.ModelRef;
import dev.diecast.plans.Plan;
import dev.diecast.plans.Program;
import dev.diecast.tools.inspect.TestPlans;
import java.util.List;

/** A plan whose names want to be markup. */
final class HostilePlan {
  static final String NAME =
      "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>{{DATA}}";
  static final String QUOTES = "\"'\\</title><!--<script>&lt;\u2028";

  private HostilePlan() {}

  static Plan plan() {
    Plan bare =
        TestPlans.bare(
            List.of(
                dispatch(NAME, false, bytes(WRITE, 0, 0, 64)),
                dispatch(QUOTES, true, bytes(READ, 0, 0, 64))),
            List.of(new Program.ArenaValue(NAME, 0, 64, 0, 1)));
    return new Plan(
        NAME,
        new ModelRef(QUOTES, NAME, "", 1, 1, 1, 1, NAME, List.of()),
        bare.device(),
        bare.kernels(),
        bare.buffers(),
        bare.tensors(),
        bare.programs(),
        bare.tuning(),
        List.of(new Plan.PassReport(NAME, 1, QUOTES)));
  }
}

package dev.diecast.tests;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.Program;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.replay.SessionOptions;
import dev.diecast.tools.check.ReplayCheck;
import dev.diecast.tools.check.ReplayCheck.Subject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A plan that verifies, but whose dispatches are not those of the model's graph. */
final class OddPlanCheckTest {
  private static final String JOINED = "attn_q+attn_k+attn_v";

  @Test
  void aDispatchThatWritesMoreThanItsOperationsComputeIsRefused() {
    OracleModel model = OracleModels.named("llama.q4_0");
    CompileOptions options = CompileOptions.DEFAULTS.withContext(4).withPrefillTokens(0);
    try (GgufFile file = GgufFile.open(model.gguf())) {
      Plan odd = confused(PlanCompiler.compile(file, options));
      ReplayCheck check = new ReplayCheck(file, file, SessionOptions.defaults(), null);
      assertThatThrownBy(
              () -> check.run(List.of(Subject.of("odd", odd)), new int[] {1}, done -> {}))
          .isInstanceOf(PlanException.class)
          .hasMessageContaining(JOINED)
          .hasMessageContaining("writes y_1, which the operations")
          .hasMessageContaining("do not compute");
    }
  }

  /** The plan in which q, k and v claim to be the projection behind attention. */
  private static Plan confused(Plan p) {
    List<String> one =
        p.decode().dispatches().stream()
            .filter(dispatch -> dispatch.label().startsWith("blk.0.attn_output"))
            .findFirst()
            .orElseThrow()
            .sourceOps();
    Program d = p.decode();
    List<Dispatch> dispatches =
        d.dispatches().stream()
            .map(each -> each.label().endsWith(JOINED) ? withSources(each, one) : each)
            .toList();
    Program decode = d.withDispatches(dispatches);
    return p.withPrograms(List.of(decode));
  }

  private static Dispatch withSources(Dispatch d, List<String> sources) {
    return new Dispatch(
        d.kernel(),
        d.label(),
        d.layer(),
        d.grid(),
        d.threadgroup(),
        d.bindings(),
        d.args(),
        d.barrierBefore(),
        sources,
        d.weightBytes(),
        d.activationBytes(),
        d.flops());
  }
}

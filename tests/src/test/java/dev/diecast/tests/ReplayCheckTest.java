package dev.diecast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.passes.PassSelection;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.plans.gguf.TensorInfo;
import dev.diecast.replay.SessionOptions;
import dev.diecast.tools.check.CheckReport;
import dev.diecast.tools.check.PlanGaps;
import dev.diecast.tools.check.PlanGaps.DispatchGaps;
import dev.diecast.tools.check.ReplayCheck;
import dev.diecast.tools.check.ReplayCheck.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The check passes sound plans and finds a fault at its dispatch. */
final class ReplayCheckTest {
  private static final int TOKENS = 6;

  /** What they write is read within the step by another kernel, or by the host. */
  private static final Set<String> WITHOUT_VALUES = Set.of("attention", "sample", "advance");

  @TempDir Path dir;

  static List<OracleModel> models() {
    return OracleModels.all();
  }

  @ParameterizedTest
  @MethodSource("models")
  void soundPlansHoldAndEveryValueIsCompared(OracleModel model) {
    CheckReport report = check(model, model.gguf());
    for (PlanGaps plan : report.plans()) {
      assertThat(plan.firstBeyond(report.tolerance().dispatch())).isNull();
      for (DispatchGaps dispatch : plan.dispatches()) {
        assertThat(dispatch.outputs().isEmpty())
            .as("%s %s has no values", plan.name(), dispatch)
            .isEqualTo(WITHOUT_VALUES.contains(dispatch.kernel()));
        assertThat(dispatch.outputs()).as("%s", dispatch).allMatch(PlanGaps.OutputGap::compared);
      }
    }
    assertThat(report.holds()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "llama.q4_0, blk.1.attn_output.weight, blk.1.attn_output",
    "qwen2.q4_k_m, blk.0.attn_k.bias, blk.0.attn_k",
    "glmflash.q4_0, blk.1.ffn_down_exps.weight, blk.1.ffn_down_exps",
    "glmflash.q4_0, blk.2.attn_k_b.weight, blk.2.attn_k_b",
    "qwen3.f16, blk.1.attn_q_norm.weight, blk.1.attn_q_norm",
  })
  void aDamagedWeightIsFoundAtTheDispatchThatReadsIt(String name, String tensor, String op)
      throws IOException {
    OracleModel model = OracleModels.named(name);
    CheckReport report = check(model, damaged(model.gguf(), tensor));
    assertThat(report.holds()).isFalse();
    for (PlanGaps plan : report.plans()) {
      DispatchGaps first = plan.firstBeyond(report.tolerance().dispatch());
      assertThat(first).as(plan.name()).isNotNull();
      assertThat(first.sources()).anyMatch(source -> source.startsWith(op));
    }
  }

  /** A copy of a model in which every fourth byte of a tensor is another. */
  private Path damaged(Path gguf, String name) throws IOException {
    byte[] bytes = Files.readAllBytes(gguf);
    try (GgufFile file = GgufFile.open(gguf)) {
      TensorInfo tensor = file.tensor(name).orElseThrow();
      int from = Math.toIntExact(tensor.fileOffset());
      for (int i = from; i < from + tensor.bytes(); i += 4) {
        bytes[i + 2] ^= 0x3c;
      }
    }
    return Files.write(dir.resolve("damaged.gguf"), bytes);
  }

  private static CheckReport check(OracleModel model, Path replayed) {
    CompileOptions options = CompileOptions.DEFAULTS.withContext(TOKENS).withPrefillTokens(0);
    try (GgufFile truth = GgufFile.open(model.gguf());
        GgufFile run = GgufFile.open(replayed)) {
      List<Subject> plans =
          List.of(
              Subject.compile("fused", truth, options, PassSelection.ALL),
              Subject.compile("plain", truth, options, PassSelection.parse("-fuse")));
      return new ReplayCheck(truth, run, SessionOptions.defaults().withThreads(2), null)
          .run(plans, Arrays.copyOf(model.tokens(), TOKENS), done -> {});
    }
  }
}

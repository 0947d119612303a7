package dev.diecast.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.capture.passes.PassSelection;
import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.gguf.TensorType;
import dev.diecast.plans.shapes.KnownShapes;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every kernel of the catalogue is one that the planner emits, with passes or without. */
class KernelUsersTest {
  private static final List<String> MIXES =
      List.of(
          "f32", "f16", "bf16", "q8_0", "q4_0", "q4_1", "q5_0", "q5_1", "q4_k_m", "q5_k_m", "q6_k");

  private static final List<String> PASSES = List.of("", "-fuse");

  @Test
  void everyKernelHasAUserInThePlanner() {
    Set<String> used = new HashSet<>();
    for (String shape : KnownShapes.names()) {
      MIXES.forEach(mix -> add(KnownShapes.find(shape + ":" + mix), used));
    }
    KernelCatalog.WEIGHT_TYPES.forEach(type -> add(joined(type), used));
    assertThat(used)
        .containsExactlyInAnyOrderElementsOf(
            KernelCatalog.all().stream().map(KernelContract::name).toList());
  }

  private static void add(ModelSource source, Set<String> used) {
    for (String passes : PASSES) {
      CompileOptions options =
          CompileOptions.DEFAULTS.withPrefillTokens(0).withPasses(PassSelection.parse(passes));
      PlanCompiler.compile(source, options).kernels().stream()
          .map(KernelUse::name)
          .forEach(used::add);
    }
  }

  /** As older files are: keys and values of all heads in one matrix, which is used both ways. */
  private static TestModel joined(String type) {
    TensorType weights = TensorType.valueOf(type.toUpperCase(Locale.ROOT));
    TestModel model = TestModels.latent(1, 256, 2, 0, 256, 32, 256, 256, 256, 8, 2, 256, 320);
    return model
        .without("blk.0.attn_k_b.weight")
        .without("blk.0.attn_v_b.weight")
        .tensor("blk.0.attn_kv_b.weight", weights, 256, 2 * (256 + 256));
  }
}

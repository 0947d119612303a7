package dev.diecast.replay.cpu.gemv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.kernels.KernelCatalog;
import dev.diecast.plans.gguf.TensorType;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GemvKernelsTest {
  static List<TensorType> types() {
    return GemvCases.types();
  }

  @ParameterizedTest
  @MethodSource("types")
  void everyKernelMatchesTheReference(TensorType type) {
    GemvCases.all(type);
  }

  @ParameterizedTest
  @MethodSource("types")
  void modelShapes(TensorType type) {
    GemvCases.gemv(type, 21, 5632, 1, 1, true);
    GemvCases.gemv(type, 9, 5632, 4, 4, true);
    GemvCases.gemv(type, 1030, 256, 1, 1, false);
  }

  @Test
  void tableHasEveryWeightKernelOfTheCatalogue() {
    Set<String> fused = Set.of("linears", "expert_gate_up", "expert_down");
    List<String> wanted =
        KernelCatalog.all().stream()
            .map(contract -> contract.name())
            .filter(
                name -> name.startsWith("embed_") || name.contains("gemv_") || fused.contains(name))
            .toList();
    assertThat(GemvKernels.table().keySet()).containsExactlyInAnyOrderElementsOf(wanted);
  }
}

package dev.diecast.plans.shapes;

import dev.diecast.plans.gguf.GgufLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A known model in figures.
 *
 * @param name what {@link KnownShapes#find} takes before the colon
 * @param architecture the GGUF architecture
 * @param layers transformer layers
 * @param parameters values in all tensors
 * @param tensors tensors in a file
 * @param weightBytes bytes of all tensors, by each type that people use most
 */
public record ShapeSummary(
    String name,
    String architecture,
    int layers,
    long parameters,
    int tensors,
    Map<String, Long> weightBytes) {
  private static final List<TypeMix> COMMON =
      List.of(TypeMix.F16, TypeMix.Q8_0, TypeMix.Q4_0, TypeMix.Q4_K_M);

  static ShapeSummary of(KnownShape shape) {
    List<GgufLayout.Spec> plain = shape.tensors(TypeMix.F32);
    Map<String, Long> bytes = new LinkedHashMap<>();
    for (TypeMix mix : COMMON) {
      bytes.put(mix.label(), shape.tensors(mix).stream().mapToLong(GgufLayout.Spec::bytes).sum());
    }
    return new ShapeSummary(
        shape.name(),
        shape.architecture(),
        shape.layers(),
        plain.stream().mapToLong(GgufLayout.Spec::values).sum(),
        plain.size(),
        bytes);
  }
}

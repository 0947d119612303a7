package dev.diecast.tools.inspect;

import dev.diecast.kernels.TypeConstant;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.gguf.TensorType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Function constants as a person reads them: {@code w_0_type=q4_0}, unbound slots left out. */
final class FunctionConstants {
  private FunctionConstants() {}

  /** All constants that say something, separated by spaces. */
  static String text(KernelUse kernel) {
    return bound(kernel)
        .map(constant -> Display.name(constant.name()) + "=" + value(constant))
        .collect(Collectors.joining(" "));
  }

  /**
   * The weight types that a kernel is made for, with how often each comes: {@code f32+2*q4_0}; or
   * empty.
   */
  static String types(KernelUse kernel) {
    Map<String, Long> types = new LinkedHashMap<>();
    bound(kernel)
        .filter(constant -> TypeConstant.is(constant.name()))
        .forEach(constant -> types.merge(value(constant), 1L, Long::sum));
    return types.entrySet().stream()
        .map(type -> (type.getValue() > 1 ? type.getValue() + "*" : "") + type.getKey())
        .collect(Collectors.joining("+"));
  }

  /** The kernel's name with its weight types: {@code linears[2*q4_0]}. */
  static String label(KernelUse kernel) {
    String types = types(kernel);
    return Display.name(kernel.name()) + (types.isEmpty() ? "" : "[" + types + "]");
  }

  /** The type that a constant names, or empty when it names none. */
  static Optional<TensorType> type(KernelUse.Constant constant) {
    return TypeConstant.is(constant.name()) && constant.value() == (int) constant.value()
        ? TensorType.ofId((int) constant.value())
        : Optional.empty();
  }

  private static Stream<KernelUse.Constant> bound(KernelUse kernel) {
    return kernel.constants().stream()
        .filter(constant ->
            !TypeConstant.is(constant.name()) || constant.value() != TypeConstant.UNBOUND);
  }

  private static String value(KernelUse.Constant constant) {
    return type(constant).map(TensorType::suffix).orElse(Long.toString(constant.value()));
  }
}

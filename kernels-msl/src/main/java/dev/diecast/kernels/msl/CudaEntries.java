package dev.diecast.kernels.msl;

import dev.diecast.kernels.msl.MslArgument.Kind;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/** The {@code __global__} functions of the kernels. */
final class CudaEntries {
  private static final String SHARED = "msl_dynamic_threadgroup";

  private CudaEntries() {}

  static String of(MslModule module) {
    var text = new StringBuilder();
    for (MslKernel kernel : module.kernels()) {
      text.append("namespace msl { namespace entry { using namespace metal;\n")
          .append("extern \"C\" __global__ void ")
          .append(bounds(kernel))
          .append(Translation.symbol(kernel, Dialect.CUDA))
          .append('(')
          .append(parameters(kernel))
          .append(") { ")
          .append(shared(kernel))
          .append("msl::")
          .append(HostEntries.specialised(kernel))
          .append('(')
          .append(kernel.arguments().stream().map(CudaEntries::value).collect(joined()))
          .append("); } } }\n");
    }
    return text.toString();
  }

  private static Collector<CharSequence, ?, String> joined() {
    return Collectors.joining(", ");
  }

  private static String bounds(MslKernel kernel) {
    return kernel.maxThreads().isEmpty()
        ? ""
        : "__launch_bounds__(" + kernel.maxThreads().getAsInt() + ") ";
  }

  private static String shared(MslKernel kernel) {
    boolean dynamic = kernel.arguments().stream().anyMatch(a -> a.kind() == Kind.THREADGROUP);
    return dynamic ? "extern __shared__ __align__(16) unsigned char " + SHARED + "[]; " : "";
  }

  private static String parameters(MslKernel kernel) {
    List<MslArgument> ordered =
        kernel.arguments().stream()
            .filter(a -> a.kind() != Kind.GRID)
            .sorted(
                Comparator.comparing((MslArgument a) -> a.kind() == Kind.THREADGROUP)
                    .thenComparingInt(MslArgument::index))
            .toList();
    return ordered.stream().map(CudaEntries::parameter).collect(joined());
  }

  /** Values by value and pointers that alias nothing: both let loads go through faster paths. */
  private static String parameter(MslArgument argument) {
    String pointee = (argument.isConst() ? "const " : "") + argument.elementType();
    return switch (argument.kind()) {
      case BYTES -> pointee + " " + argument.name();
      case BUFFER -> pointee + "* __restrict__ " + argument.name();
      case THREADGROUP -> "unsigned " + argument.name() + "_offset";
      case GRID -> throw new IllegalArgumentException("a grid argument is no parameter");
    };
  }

  private static String value(MslArgument argument) {
    GridSemantic semantic = argument.semantic();
    if (semantic != null) {
      return semantic.macro();
    }
    String type = argument.elementType() + "*";
    return switch (argument.kind()) {
      case BYTES -> argument.name();
      case THREADGROUP ->
          (argument.isReference() ? "*" : "")
              + "(%s)(%s + %s_offset)".formatted(type, SHARED, argument.name());
      default -> pointer(argument);
    };
  }

  private static String pointer(MslArgument argument) {
    String enabled = HostEntries.enabled(argument, argument.name(), "nullptr");
    return argument.isReference() ? "*(" + enabled + ")" : enabled;
  }
}

package dev.diecast.kernels.msl;

import java.util.ArrayList;
import java.util.List;

/** The functions by which the host runtime enters the kernels. */
final class HostEntries {
  private HostEntries() {}

  static String of(MslModule module) {
    var text = new StringBuilder();
    for (MslKernel kernel : module.kernels()) {
      text.append(
          """
          namespace msl { namespace entry { using namespace metal;
          extern "C" __attribute__((visibility("default"))) void %s(void** a) { msl::%s(%s); } } }
          """
              .formatted(
                  Translation.symbol(kernel, Dialect.HOST),
                  specialised(kernel),
                  String.join(", ", values(kernel))));
    }
    return text.toString();
  }

  /** The function with its template arguments. */
  static String specialised(MslKernel kernel) {
    return kernel.templateArguments().isEmpty()
        ? kernel.function()
        : kernel.function() + "<" + String.join(", ", kernel.templateArguments()) + ">";
  }

  private static List<String> values(MslKernel kernel) {
    var values = new ArrayList<String>();
    for (int i = 0; i < kernel.arguments().size(); i++) {
      MslArgument argument = kernel.arguments().get(i);
      GridSemantic semantic = argument.semantic();
      values.add(
          semantic != null
              ? semantic.macro()
              : "msl_rt::any_ptr{%s}".formatted(enabled(argument, "a[" + i + "]", "nullptr")));
    }
    return values;
  }

  /** A value that only counts when the argument exists. */
  static String enabled(MslArgument argument, String value, String otherwise) {
    return argument.enabledBy() == null
        ? value
        : "%s ? %s : %s".formatted(argument.enabledBy(), value, otherwise);
  }
}

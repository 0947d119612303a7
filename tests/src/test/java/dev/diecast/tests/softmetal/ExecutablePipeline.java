package dev.diecast.tests.softmetal;

import dev.diecast.kernels.host.HostKernel;
import dev.diecast.kernels.host.HostLibrary;
import dev.diecast.kernels.msl.MslArgument;
import dev.diecast.kernels.msl.StructLayout;
import java.util.Map;

/**
 * A kernel with its constants, as a pipeline has them.
 *
 * @param kernel compiled
 * @param description for the library, see {@code executor.h}
 */
record ExecutablePipeline(HostKernel kernel, String description) {
  ExecutablePipeline(HostLibrary library, String entry, Map<String, String> constants) {
    this(library.kernel(entry), describe(library, entry, constants));
  }

  /** The argument in a slot. */
  String name(long index, boolean threadgroup) {
    return kernel.declared().arguments().stream()
        .filter(a ->
            a.index() == index
                && a.kind() != MslArgument.Kind.GRID
                && (a.kind() == MslArgument.Kind.THREADGROUP) == threadgroup)
        .findFirst()
        .orElseThrow()
        .name();
  }

  private static String describe(HostLibrary library, String entry, Map<String, String> constants) {
    var kernel = library.kernel(entry).declared();
    var text = new StringBuilder();
    for (MslArgument argument : kernel.arguments()) {
      String switched = argument.enabledBy();
      String value = switched == null ? "1" : constants.get(switched);
      boolean absent = value != null && (value.equals("0") || value.equals("false"));
      switch (argument.kind()) {
        case GRID -> {}
        case THREADGROUP ->
            text.append("threadgroup\t%d\t%s\n".formatted(argument.index(), argument.name()));
        case BUFFER, BYTES -> {
          if (!absent) {
            text.append(
                "buffer\t%d\t%d\t%d\t%d\t%s\n"
                    .formatted(
                        argument.index(),
                        argument.isConst() ? 0 : 1,
                        value == null ? 1 : 0,
                        leastBytes(library, argument),
                        argument.name()));
          }
        }
      }
    }
    kernel.maxThreads().ifPresent(most -> text.append("threads\t" + most + "\n"));
    kernel.staticThreadgroupBytes().ifPresent(bytes -> text.append("static\t" + bytes + "\n"));
    return text.toString();
  }

  /** A reference is to one whole value. */
  private static long leastBytes(HostLibrary library, MslArgument argument) {
    return argument.isReference()
        ? library.module().struct(argument.elementType()).map(StructLayout::bytes).orElse(0L)
        : 0;
  }
}

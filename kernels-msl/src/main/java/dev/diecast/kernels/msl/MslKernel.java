package dev.diecast.kernels.msl;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A kernel that a pipeline can be made of.
 *
 * @param name by which a library offers it
 * @param function the function or the template behind it
 * @param templateArguments of an instantiation; empty for a plain kernel
 * @param where it is defined
 * @param maxThreads of {@code [[max_total_threads_per_threadgroup]]}
 * @param arguments in the order of the signature
 * @param threadgroupVariables declared in the body
 */
public record MslKernel(
    String name,
    String function,
    List<String> templateArguments,
    SourceLine where,
    OptionalInt maxThreads,
    List<MslArgument> arguments,
    List<ThreadgroupVariable> threadgroupVariables) {

  /** Copies the lists. */
  public MslKernel {
    templateArguments = List.copyOf(templateArguments);
    arguments = List.copyOf(arguments);
    threadgroupVariables = List.copyOf(threadgroupVariables);
  }

  /** The argument of that name. */
  public Optional<MslArgument> argument(String wanted) {
    return arguments.stream().filter(a -> a.name().equals(wanted)).findFirst();
  }

  /** The bytes of all threadgroup variables; empty when one of them is not known. */
  public OptionalLong staticThreadgroupBytes() {
    long sum = 0;
    for (ThreadgroupVariable variable : threadgroupVariables) {
      if (variable.bytes().isEmpty()) {
        return OptionalLong.empty();
      }
      sum = Math.addExact(sum, variable.bytes().getAsLong());
    }
    return OptionalLong.of(sum);
  }
}

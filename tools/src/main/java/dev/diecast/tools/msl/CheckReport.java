package dev.diecast.tools.msl;

import dev.diecast.kernels.host.CheckedCase;
import dev.diecast.kernels.host.HostFinding;
import dev.diecast.kernels.msl.MslArgument;
import dev.diecast.kernels.msl.MslArgument.Kind;
import dev.diecast.kernels.msl.MslKernel;
import dev.diecast.kernels.msl.MslModule;
import dev.diecast.kernels.msl.rules.Finding;
import dev.diecast.tools.inspect.Display;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Checked files for people: findings as compilers print them, then what the file declares. */
public final class CheckReport {
  private static final int LONGEST_MESSAGE = 400;

  private CheckReport() {}

  /**
   * The text about a file.
   *
   * @param mostKernels how many kernels are described; the others are counted
   */
  public static String of(CheckedFile checked, int mostKernels) {
    var text = new StringBuilder();
    for (Finding finding : checked.findings()) {
      text.append(Display.text(finding.toString(), LONGEST_MESSAGE)).append('\n');
    }
    String file = Display.name(checked.file());
    checked.module().ifPresent(module -> module(file, module, mostKernels, text));
    checked.cases().forEach(one -> ran(one, text));
    int count = checked.count();
    return text.append(file)
        .append(": ")
        .append(count == 0 ? "no findings" : counted(count, "finding"))
        .append('\n')
        .toString();
  }

  private static void ran(CheckedCase one, StringBuilder text) {
    for (HostFinding finding : one.findings()) {
      String kind = finding.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
      text.append(Display.text(finding + " [" + kind + "]", LONGEST_MESSAGE)).append('\n');
    }
    text.append(one.where())
        .append(": ran ")
        .append(Display.name(one.kernel()))
        .append(one.isDefault() ? " over zeroes" : "")
        .append(one.complete() ? " under all schedules: " : " until it could not go on: ")
        .append(counted(one.findings().size(), "finding"))
        .append('\n');
  }

  private static void module(String file, MslModule module, int most, StringBuilder text) {
    text.append(
        String.format(
            Locale.ROOT,
            "%s: %s, %s, %s%n",
            file,
            counted(module.kernels().size(), "kernel"),
            counted(module.functionConstants().size(), "function constant"),
            counted(module.structs().size(), "struct")));
    module.kernels().stream().limit(most).forEach(k -> text.append(kernel(k)).append('\n'));
    int more = module.kernels().size() - most;
    if (more > 0) {
      text.append("  and ").append(more).append(" more; --kernels shows all\n");
    }
  }

  private static String kernel(MslKernel kernel) {
    var parts = new ArrayList<String>();
    part(parts, count(kernel, Kind.BUFFER), "buffer");
    part(parts, count(kernel, Kind.BYTES), "value");
    part(parts, count(kernel, Kind.THREADGROUP), "threadgroup argument");
    OptionalLong bytes = kernel.staticThreadgroupBytes();
    if (bytes.isEmpty()) {
      parts.add("threadgroup memory of unknown size");
    } else if (bytes.getAsLong() > 0) {
      parts.add(counted(bytes.getAsLong(), "byte") + " of threadgroup memory");
    }
    kernel.maxThreads().ifPresent(n -> parts.add("at most " + counted(n, "thread")));
    return "  " + Display.name(kernel.name()) + ": " + String.join(", ", parts);
  }

  private static long count(MslKernel kernel, Kind kind) {
    return kernel.arguments().stream().map(MslArgument::kind).filter(k -> k == kind).count();
  }

  private static void part(List<String> parts, long count, String what) {
    if (count > 0) {
      parts.add(counted(count, what));
    }
  }

  /** {@code 1 finding}, {@code 2 findings}. */
  public static String counted(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }
}

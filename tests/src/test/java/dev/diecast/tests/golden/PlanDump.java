package dev.diecast.tests.golden;

import dev.diecast.plans.Dispatch;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.ModelRef;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.PlanTensor;
import dev.diecast.plans.Program;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** A plan for review: totals, kernels, and each distinct layer once. */
final class PlanDump {
  private final StringBuilder text = new StringBuilder();
  private final Plan plan;

  private PlanDump(Plan plan) {
    this.plan = plan;
  }

  static String of(String spec, Plan plan) {
    PlanDump dump = new PlanDump(plan);
    dump.header(spec);
    plan.programs().forEach(dump::program);
    return dump.text.toString();
  }

  private void header(String spec) {
    ModelRef model = plan.model();
    line(
        "%s for %s: %s, %d layers, width %d, vocabulary %d, context %d"
            .formatted(
                spec,
                plan.device(),
                model.architecture(),
                model.layers(),
                model.embedding(),
                model.vocab(),
                model.context()));
    line(
        "weights %d bytes in %d tensors"
            .formatted(sum(plan.tensors(), PlanTensor::bytes), plan.tensors().size()));
    Map<String, Long> buffers =
        plan.buffers().stream()
            .collect(
                Collectors.groupingBy(
                    buffer -> buffer.getClass().getSimpleName().toLowerCase(Locale.ROOT),
                    TreeMap::new,
                    Collectors.summingLong(PlanBuffer::bytes)));
    line("buffers %s".formatted(buffers));
    for (Plan.PassReport pass : plan.passes()) {
      line("pass %-32s %5d".formatted(pass.name(), pass.changes()));
    }
  }

  private void program(Program program) {
    List<Dispatch> all = program.dispatches();
    long arena =
        program.arenaValues().stream().mapToLong(v -> v.offset() + v.bytes()).max().orElse(0);
    line("");
    line("program %s".formatted(program.name()));
    line("  dispatches %d".formatted(all.size()));
    line("  barriers %d".formatted(all.stream().skip(1).filter(Dispatch::barrierBefore).count()));
    line("  kernels %d".formatted(all.stream().mapToInt(Dispatch::kernel).distinct().count()));
    line(
        "  source ops %d"
            .formatted(
                all.stream()
                    .flatMap(dispatch -> dispatch.sourceOps().stream())
                    .distinct()
                    .count()));
    line(
        "  arena %d bytes, lower bound %d, without reuse %d"
            .formatted(arena, program.arenaLowerBoundBytes(), program.arenaNaiveBytes()));
    line("  weight bytes read %d".formatted(sum(all, Dispatch::weightBytes)));
    line("  activation bytes %d".formatted(sum(all, Dispatch::activationBytes)));
    line("  flops %d".formatted(sum(all, Dispatch::flops)));
    kernels(all);
    LayerPatterns patterns = LayerPatterns.of(plan, program);
    section("outside the layers", patterns.outside());
    patterns
        .layers()
        .forEach((work, layers) -> section("layers " + LayerPatterns.ranges(layers), work));
  }

  private void kernels(List<Dispatch> all) {
    Map<String, Long> calls =
        all.stream()
            .collect(
                Collectors.groupingBy(
                    dispatch -> name(plan.kernels().get(dispatch.kernel())),
                    TreeMap::new,
                    Collectors.counting()));
    line("  calls");
    calls.forEach((kernel, count) -> line("    %5d %s".formatted(count, kernel)));
  }

  private static String name(KernelUse kernel) {
    return DispatchText.kernel(kernel);
  }

  private void section(String title, List<String> work) {
    line("  %s: %d dispatches".formatted(title, work.size()));
    work.forEach(each -> line("    %s".formatted(each)));
  }

  private static <T> long sum(List<T> all, ToLongFunction<T> of) {
    return all.stream().mapToLong(of).sum();
  }

  private void line(String line) {
    text.append(line.stripTrailing()).append('\n');
  }
}

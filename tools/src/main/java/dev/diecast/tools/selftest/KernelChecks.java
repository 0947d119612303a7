package dev.diecast.tools.selftest;

import dev.diecast.tools.cases.CaseData;
import dev.diecast.tools.cases.CaseForm;
import dev.diecast.tools.cases.CaseMemory;
import dev.diecast.tools.cases.Comparison;
import dev.diecast.tools.cases.Expected;
import dev.diecast.tools.cases.KernelCases;
import dev.diecast.tools.cases.References;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Every case of every kernel against float64, a check for each kernel. Kernels of one file are
 * loaded together, so that a file is compiled once.
 *
 * @param runners a runner for given cases
 * @param forms what the device has of a case: on a GPU also the form for many tokens
 * @param named which checks are wanted, by name
 * @param inTime whether another file may be begun
 */
record KernelChecks(
    Function<List<CaseForm>, CaseRunner> runners,
    Function<CaseForm, Boolean> forms,
    Predicate<String> named,
    BooleanSupplier inTime) {

  void run(Consumer<Check> found) {
    files()
        .values()
        .forEach(kernels -> {
          if (inTime.getAsBoolean()) {
            file(kernels, found);
          } else {
            kernels.keySet().forEach(kernel -> found.accept(Check.skip(name(kernel))));
          }
        });
  }

  static String name(String kernel) {
    return "kernel " + kernel;
  }

  /** The wanted cases by file and kernel. */
  private Map<String, Map<String, List<CaseForm>>> files() {
    return KernelCases.checked().stream()
        .flatMap(of -> CaseForm.all(of).stream())
        .filter(forms::apply)
        .filter(form -> named.test(name(form.of().kernel())))
        .collect(
            Collectors.groupingBy(
                form -> form.launch().resource().replace("_tiled", ""),
                TreeMap::new,
                Collectors.groupingBy(
                    form -> form.of().kernel(), LinkedHashMap::new, Collectors.toList())));
  }

  private void file(Map<String, List<CaseForm>> kernels, Consumer<Check> found) {
    List<CaseForm> all = kernels.values().stream().flatMap(List::stream).toList();
    CaseRunner runner;
    try {
      runner = runners.apply(all);
    } catch (RuntimeException e) {
      kernels.keySet().forEach(kernel -> found.accept(Check.fail(name(kernel), said(e))));
      return;
    }
    try (runner) {
      int first = 0;
      for (Map.Entry<String, List<CaseForm>> kernel : kernels.entrySet()) {
        found.accept(kernel(name(kernel.getKey()), kernel.getValue(), first, runner));
        first += kernel.getValue().size();
      }
    }
  }

  private static Check kernel(String name, List<CaseForm> forms, int first, CaseRunner runner) {
    List<String> faults = new ArrayList<>();
    double worst = 0;
    for (int i = 0; i < forms.size(); i++) {
      try {
        Comparison comparison = compare(forms.get(i), first + i, runner);
        worst = Math.max(worst, comparison.worst());
        if (!comparison.isGood()) {
          faults.add(forms.get(i) + ": " + String.join("; ", comparison.faults()));
        }
      } catch (RuntimeException e) {
        faults.add(forms.get(i) + ": " + said(e));
      }
    }
    return faults.isEmpty()
        ? Check.pass(name, "%d cases, worst %.2f of its tolerance".formatted(forms.size(), worst))
        : Check.fail(
            name, "%d of %d cases: %s".formatted(faults.size(), forms.size(), faults.getFirst()));
  }

  private static Comparison compare(CaseForm form, int index, CaseRunner runner) {
    // Workers of the cpu device look at the memory too.
    try (Arena arena = Arena.ofShared()) {
      var memory = new CaseMemory(form.of(), arena);
      var before = new CaseData(form.of(), memory);
      runner.run(index, memory);
      Expected expected = References.of(form.of()).of(before);
      return Comparison.of(before, expected, memory, runner.tolerance(form.of()));
    }
  }

  private static String said(RuntimeException e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}

package dev.diecast.tools.cases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import java.lang.foreign.Arena;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The case list itself. */
class CaseListTest {
  private static final int LEAST = 4;

  @Test
  void everyKernelHasCases() {
    var counts =
        KernelCases.checked().stream()
            .collect(Collectors.groupingBy(KernelCase::kernel, Collectors.counting()));
    for (KernelContract contract : KernelCatalog.all()) {
      assertThat(counts.getOrDefault(contract.name(), 0L))
          .as("cases of %s", contract.name())
          .isGreaterThanOrEqualTo(LEAST);
    }
  }

  @Test
  void everyKernelHasAReference() {
    assertThat(References.all().keySet())
        .containsExactlyInAnyOrderElementsOf(
            KernelCatalog.all().stream().map(KernelContract::name).toList());
  }

  @Test
  void namesTellCasesApart() {
    Set<String> names = new HashSet<>();
    KernelCases.checked().forEach(of -> assertThat(names.add(of.toString())).as("%s", of).isTrue());
    KernelCases.timed().forEach(of -> assertThat(names.add(of.toString())).as("%s", of).isTrue());
  }

  @Test
  void aCaseIsTheSameEveryTime() {
    KernelCase of = KernelCases.checked().getFirst();
    try (Arena arena = Arena.ofConfined()) {
      var once = new CaseMemory(of, arena);
      var again = new CaseMemory(of, arena);
      once.slots()
          .forEach((slot, memory) ->
              assertThat(memory.mismatch(again.slot(slot))).as(slot).isEqualTo(-1));
    }
  }
}

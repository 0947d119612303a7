package dev.diecast.plans.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import dev.diecast.kernels.Slot;
import dev.diecast.kernels.TypeConstant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KernelSpansTest {
  private static final Set<String> CHECKED_ELSEWHERE = Set.of("step", "tickets");

  static Collection<KernelContract> contracts() {
    return KernelCatalog.all();
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void everySlotIsAMatrixOrHasItsSpan(KernelContract contract) {
    Set<String> expected =
        contract.slots().stream()
            .map(Slot::name)
            .filter(slot -> !CHECKED_ELSEWHERE.contains(slot) && !matrix(contract, slot))
            .collect(Collectors.toSet());
    assertThat(KernelSpans.of(contract.name()))
        .extracting(Span::slot)
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void namesArgumentsThatTheKernelTakes(KernelContract contract) {
    List<String> fields = contract.args().fields().stream().map(field -> field.name()).toList();
    assertThat(KernelSpans.of(contract.name()).stream().flatMap(KernelSpansTest::terms))
        .allMatch(term -> Character.isDigit(term.charAt(0)) || fields.contains(term));
  }

  private static Stream<String> terms(Span span) {
    Stream<Span.Amount> axes =
        span.axes().stream()
            .flatMap(axis -> Stream.of(axis.count(), axis.stride()).filter(a -> a != null));
    return Stream.concat(Stream.of(span.width()), axes).flatMap(amount -> amount.terms().stream());
  }

  private static boolean matrix(KernelContract contract, String slot) {
    boolean typed =
        KernelCatalog.WEIGHT_TYPES.stream().anyMatch(type -> contract.name().endsWith("_" + type));
    return contract.constants().contains(TypeConstant.of(slot)) || (slot.equals("w") && typed);
  }
}

package dev.diecast.tools.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.diecast.kernels.host.HostCompiler;
import dev.diecast.kernels.host.HostFinding;
import dev.diecast.kernels.host.HostMode;
import dev.diecast.kernels.host.Schedule;
import dev.diecast.kernels.msl.MslSource;
import dev.diecast.kernels.msl.rules.Clang;
import dev.diecast.kernels.msl.rules.RuleCheck;
import dev.diecast.tools.cases.HostRunner.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Defects planted in the shipped kernels: each is caught, by what the table says. */
class MutationTest {
  private static final int LEAST = 30;

  private static HostCompiler compiler;

  @BeforeAll
  static void needsClang() {
    assumeTrue(HostCompiler.isAvailable(), "needs clang++ on Linux");
    compiler = HostCompiler.in(HostCasesTest.CACHE);
  }

  static Stream<Mutation> mutations() {
    return Mutations.all().stream();
  }

  @ParameterizedTest
  @MethodSource("mutations")
  void isCaught(Mutation mutation) throws IOException {
    CaseForm variant = variant(mutation);
    MslSource planted = mutation.plant(MslSource.ofResource(variant.launch().resource()));
    switch (mutation.by()) {
      case Mutation.Catch.Rules rules ->
          assertThat(new RuleCheck(Clang.find()).check(planted)).isNotEmpty();
      case Mutation.Catch.Checker checker ->
          assertThat(kinds(outcomes(variant, planted))).contains(checker.kind());
      case Mutation.Catch.Tolerance tolerance ->
          assertThat(outcomes(variant, planted))
              .anySatisfy(outcome -> assertThat(outcome.comparison().isGood()).isFalse());
    }
  }

  @Test
  void everyFamilyIsTried() {
    Set<String> files = new HashSet<>();
    mutations().forEach(mutation -> files.add(variant(mutation).launch().resource()));
    Set<String> shipped = new HashSet<>();
    HostCasesTest.cases().forEach(variant -> shipped.add(variant.launch().resource()));
    assertThat(files).isEqualTo(shipped);
    assertThat(Mutations.all()).hasSizeGreaterThanOrEqualTo(LEAST);
  }

  private static CaseForm variant(Mutation mutation) {
    return HostCasesTest.cases()
        .filter(variant -> variant.of().kernel().equals(mutation.kernel()))
        .filter(variant -> variant.of().name().contains(mutation.cases()))
        .filter(variant -> variant.isTiled() == mutation.tiled())
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException(mutation + ": no case is like " + mutation.cases()));
  }

  private static List<Outcome> outcomes(CaseForm variant, MslSource planted) {
    var runner = new HostRunner(compiler, resource -> planted);
    List<Outcome> outcomes = new ArrayList<>();
    for (Schedule schedule : Schedule.all()) {
      outcomes.add(runner.run(variant, HostMode.CHECKED, schedule));
    }
    return outcomes;
  }

  private static Set<HostFinding.Kind> kinds(List<Outcome> outcomes) {
    Set<HostFinding.Kind> kinds = new HashSet<>();
    outcomes.forEach(outcome -> outcome.report().findings().forEach(f -> kinds.add(f.kind())));
    return kinds;
  }
}

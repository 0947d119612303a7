package dev.diecast.tools.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.diecast.kernels.host.HostCompiler;
import dev.diecast.kernels.host.HostMode;
import dev.diecast.kernels.host.Schedule;
import dev.diecast.kernels.msl.MslSource;
import dev.diecast.tools.cases.HostRunner.Outcome;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case of every kernel that exists as MSL, run on this machine and watched. */
class HostCasesTest {
  /** Kept between runs: what was compiled is found again by a digest of all that made it. */
  static final Path CACHE = Path.of("target", "host-kernels");

  private static HostRunner runner;

  @BeforeAll
  static void compile() {
    assumeTrue(HostCompiler.isAvailable(), "needs clang++ on Linux");
    runner = new HostRunner(HostCompiler.in(CACHE), MslSource::ofResource);
    cases()
        .flatMap(v -> Stream.of(HostMode.values()).map(mode -> runner.build(v, mode)))
        .distinct()
        .parallel()
        .forEach(runner::library);
  }

  static Stream<CaseForm> cases() {
    return KernelCases.checked().stream().flatMap(of -> CaseForm.all(of).stream());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesWhatFloat64Gives(CaseForm variant) {
    expectRight(runner.run(variant, HostMode.PLAIN, Schedule.FORWARD));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isCleanUnderEverySchedule(CaseForm variant) {
    for (Schedule schedule : Schedule.all()) {
      Outcome outcome = runner.run(variant, HostMode.CHECKED, schedule);
      assertThat(outcome.report().findings()).as("%s", schedule).isEmpty();
      expectRight(outcome);
    }
  }

  private static void expectRight(Outcome outcome) {
    assertThat(outcome.report().complete()).isTrue();
    assertThat(outcome.comparison().faults()).isEmpty();
  }
}

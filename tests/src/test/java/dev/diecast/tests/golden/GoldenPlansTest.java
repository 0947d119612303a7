package dev.diecast.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanVerifier;
import dev.diecast.plans.shapes.KnownShapes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the planner makes of the known shapes changes only on purpose. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GoldenPlansTest {
  private static final String FOLDER = "model-plans/golden";

  /** Every shape as people use it most, and every mix of types where rows do and don't fit it. */
  static List<String> specs() {
    return KnownShapes.names().stream()
        .flatMap(name -> Stream.of(":f16", ":q8_0", ":q4_0", ":q4_k_m").map(name::concat))
        .toList();
  }

  private static GoldenFile file(String spec) {
    return GoldenFile.of(FOLDER + "/" + spec.replace(':', '.') + ".txt");
  }

  @ParameterizedTest
  @MethodSource("specs")
  @Order(1)
  void planIsTheKnownOne(String spec) throws IOException {
    Plan plan =
        PlanCompiler.compile(KnownShapes.find(spec), CompileOptions.DEFAULTS.withDevice("metal"));
    PlanVerifier.check(spec, plan);
    file(spec).holds(PlanDump.of(spec, plan));
  }

  @Test
  @Order(2)
  void tableOfDispatchesIsUpToDate() throws IOException {
    List<String> specs = specs().stream().filter(spec -> spec.endsWith(":q4_0")).toList();
    GoldenFile.of("docs/dispatches.md").holds(DispatchTable.of(specs, GoldenPlansTest::dump));
  }

  @Test
  @Order(3)
  void everyDumpIsOfSomething() throws IOException {
    try (Stream<Path> files = Files.list(GoldenFile.of(FOLDER).path())) {
      assertThat(files.collect(Collectors.toSet()))
          .isEqualTo(specs().stream().map(spec -> file(spec).path()).collect(Collectors.toSet()));
    }
  }

  private static String dump(String spec) {
    try {
      return file(spec).known();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

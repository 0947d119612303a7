package dev.diecast.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.kernels.launch.KernelLaunch;
import dev.diecast.kernels.launch.KernelLaunches;
import dev.diecast.kernels.msl.FunctionConstant;
import dev.diecast.kernels.msl.KernelModules;
import dev.diecast.kernels.msl.MslArgument;
import dev.diecast.kernels.msl.rules.Clang;
import dev.diecast.kernels.msl.rules.ClangUnavailable;
import dev.diecast.kernels.msl.rules.RuleCheck;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.shapes.KnownShapes;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The pipelines of all golden plans for Metal, in the very forms in which they would be made. */
class GoldenPipelinesTest {
  /** Buffers that a Metal kernel can be given. */
  private static final int METAL_BUFFERS = 31;

  private static final Set<KernelUse> USES = new LinkedHashSet<>();

  @BeforeAll
  static void compile() {
    for (String spec : GoldenPlansTest.specs()) {
      USES.addAll(
          PlanCompiler.compile(KnownShapes.find(spec), CompileOptions.DEFAULTS.withDevice("metal"))
              .kernels());
    }
  }

  private static KernelLaunch launch(KernelUse use) {
    return KernelLaunches.of(use.name(), constants(use));
  }

  private static Map<String, Long> constants(KernelUse use) {
    Map<String, Long> constants = new HashMap<>();
    use.constants().forEach(constant -> constants.put(constant.name(), constant.value()));
    return constants;
  }

  /** Also of files that no catalogue lists: what counts is what a plan names. */
  @Test
  void applesCompilerWouldTakeTheTextOfEach() throws IOException {
    RuleCheck check = new RuleCheck(clang());
    Set<String> files =
        USES.stream().map(use -> launch(use).resource()).collect(Collectors.toSet());
    assertThat(files).hasSizeGreaterThan(5);
    for (String file : files) {
      assertThat(check.check(KernelModules.of(file).source())).as(file).isEmpty();
    }
  }

  @Test
  void eachIsAKernelOfThatTextWithAllItsConstants() {
    assertThat(USES).hasSizeGreaterThan(50);
    for (KernelUse use : USES) {
      KernelLaunch launch = launch(use);
      KernelModules.Parsed text = KernelModules.of(launch.resource());
      assertThat(use.sourceHash()).as("%s", use).isEqualTo(text.hash());
      var kernel = text.module().kernel(launch.entry());
      assertThat(kernel).as("%s", use).isPresent();
      assertThat(kernel.orElseThrow().arguments())
          .as("%s", use)
          .filteredOn(argument -> argument.kind() != MslArgument.Kind.GRID)
          .extracting(MslArgument::index)
          .allSatisfy(index -> assertThat(index).isBetween(0, METAL_BUFFERS - 1))
          .doesNotHaveDuplicates();
      assertThat(constants(use).keySet())
          .as("%s", use)
          .containsAll(
              text.module().functionConstants().stream().map(FunctionConstant::name).toList());
    }
  }

  private static Clang clang() throws IOException {
    try {
      return Clang.find();
    } catch (ClangUnavailable e) {
      return abort(String.valueOf(e.getMessage()));
    }
  }
}

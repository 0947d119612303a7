package dev.diecast.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.tools.console.ExitCode;
import org.junit.jupiter.api.Test;

final class InspectCommandTest {
  private static final String SHAPE = "youtu-llm-2b:q4_0";

  @Test
  void aShapeIsMetadataUntilAPartOfAPlanIsAskedFor() {
    assertThat(Cli.run("inspect", SHAPE).text()).contains("metadata").doesNotContain("predicted");
    Cli layers = Cli.run("inspect", SHAPE, "--target", "metal", "--layers");
    assertThat(layers.code()).isZero();
    assertThat(layers.text())
        .contains("plan for metal", "predicted for m3-pro", "layers of decode");
    assertThat(Cli.run("inspect", SHAPE, "--kernels", "--profile", "h200").text())
        .contains("plan for cpu", "predicted for h200", "kernels of decode");
  }

  @Test
  void whatCannotBeShownIsOneLine() {
    fails(ExitCode.BAD_INPUT, "no layer 99", "inspect", SHAPE, "--layer", "99");
    fails(ExitCode.BAD_INPUT, "no cost profile", "inspect", SHAPE, "--profile", "m9");
    fails(ExitCode.BAD_INPUT, "depth 9999999", "inspect", SHAPE, "--depth", "9999999");
    fails(ExitCode.BAD_INPUT, "no program", "inspect", SHAPE, "--why", "--program", "x");
    fails(ExitCode.USAGE, "name a plan", "inspect", "--kernels");
  }

  @Test
  void profilesNeedNoPlan() {
    Cli profiles = Cli.run("inspect", "--profiles");
    assertThat(profiles.code()).isZero();
    assertThat(profiles.text()).contains("generic-cpu: ", "measured", "published");
  }

  @Test
  void plansThatDifferAreNoFailure() {
    Cli differs = Cli.run("diff", SHAPE, "youtu-llm-2b:q8_0", "--json");
    assertThat(differs.code()).isZero();
    assertThat(differs.text()).contains("\"differs\" : true");
    Cli same = Cli.run("diff", SHAPE, SHAPE);
    assertThat(same.code()).isZero();
    assertThat(same.text()).isEqualTo("no differences\n");
  }

  private static void fails(int code, String message, String... args) {
    Cli run = Cli.run(args);
    assertThat(run.code()).isEqualTo(code);
    assertThat(run.err().lines().filter(line -> line.startsWith("diecast: error: ")))
        .singleElement()
        .satisfies(line -> assertThat(line).contains(message));
  }
}

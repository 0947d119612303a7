package dev.diecast.tools.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.plans.PlanException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FailureTest {
  @Test
  void inputIsToldFromMachineAndDisk() {
    assertThat(Failure.of(new PlanException("x")).exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(Failure.of(new PlanException("x", new IOException())).exitCode())
        .isEqualTo(ExitCode.IO);
    assertThat(Failure.of(new PlanException("x", new OutOfMemoryError())).exitCode())
        .isEqualTo(ExitCode.RUNTIME);
    assertThat(Failure.of(new OutOfMemoryError()).exitCode()).isEqualTo(ExitCode.RUNTIME);
    assertThat(Failure.of(new NoSuchFileException("f")).exitCode()).isEqualTo(ExitCode.IO);
    assertThat(Failure.of(new IllegalStateException()).exitCode()).isEqualTo(ExitCode.INTERNAL);
  }

  @Test
  void aLineStaysALineWhateverFilesSay() {
    assertThat(Failure.of(new PlanException(": not a file")).line())
        .isEqualTo("diecast: error: '': not a file");
    assertThat(Failure.of(new PlanException("a\nb\u001b[2J")).line())
        .isEqualTo("diecast: error: a; b\\u001b[2J");
  }
}

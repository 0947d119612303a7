package dev.diecast.tools.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.tools.check.PlanGaps.OtherChoice;
import dev.diecast.tools.console.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckReportTest {
  private static final Tolerance TOLERANCE = Tolerance.of(1e-2);

  private static CheckReport report(int judged) {
    PlanGaps plan =
        new PlanGaps("fused", List.of(), Gap.NONE, judged, new OtherChoice(judged, 7, "route"));
    return new CheckReport(List.of(1, 2), List.of(plan), Gap.NONE, TOLERANCE);
  }

  @Test
  void aPlanOfWhichNothingWasComparedHasNotShownThatItHolds() throws IOException {
    assertThat(report(1).holds()).isTrue();
    assertThat(report(0).holds()).isFalse();
    assertThat(printed(report(0), false))
        .contains("plan fused: no token's logits were compared", "does not hold");
  }

  @Test
  void keysOfTheDocumentKeepTheirOrder() throws IOException {
    assertThat(printed(report(1), true))
        .containsSubsequence(
            "\"holds\"",
            "\"tokens\"",
            "\"tolerance\"",
            "\"logits\"",
            "\"dispatch\"",
            "\"between\"",
            "\"plans\"",
            "\"other_experts\"",
            "\"token\"",
            "\"dispatch\"");
  }

  private static String printed(CheckReport report, boolean json) throws IOException {
    var out = new ByteArrayOutputStream();
    Console console =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            out,
            new PrintStream(out, true, UTF_8),
            false,
            false);
    CheckPrinter printer = new CheckPrinter(report, console);
    if (json) {
      printer.json();
    } else {
      printer.table(true);
    }
    return out.toString(UTF_8);
  }
}

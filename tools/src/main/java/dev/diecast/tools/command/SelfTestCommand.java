package dev.diecast.tools.command;

import dev.diecast.plans.PlanException;
import dev.diecast.replay.metal.MetalFacts;
import dev.diecast.tools.bench.Machine;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.console.ExitCode;
import dev.diecast.tools.console.Version;
import dev.diecast.tools.inspect.Json;
import dev.diecast.tools.selftest.Check;
import dev.diecast.tools.selftest.Check.Outcome;
import dev.diecast.tools.selftest.SelfTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code diecast selftest}. */
@Command(
    name = "selftest",
    header = "Checks that a device computes what it should.",
    description = {
      "%nRuns the bundled model against the float64 interpreter (logits, prefill, generated text; on "
          + "metal with every encoder that the GPU has), then the case list of all kernels. A line "
          + "for each check; the output can be pasted into an issue. Exit code 1 when one fails.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  diecast selftest --device metal",
      "  diecast selftest --filter model                  the bundled model only",
      "  diecast selftest --device metal --filter 'kernel (route|gemv_q4)' --seconds 300",
    })
public final class SelfTestCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private DeviceOption device = new DeviceOption();
  @Mixin private RunOptions run = new RunOptions();

  @Option(
      names = "--filter",
      paramLabel = "REGEX",
      defaultValue = "",
      description = "Only checks in whose name this is found (default: all).")
  private String filter = "";

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "60",
      description = "After which no more checks are begun (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(names = "--json", description = "Prints one JSON document.")
  private boolean json;

  /** The command on a console. */
  public SelfTestCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    if (!(seconds > 0 && seconds <= 86_400)) {
      throw new PlanException("--seconds is " + seconds + ", expected 0 to 86400");
    }
    Pattern pattern = pattern();
    String chosen = device.available();
    String machine =
        chosen.equals("metal") ? MetalFacts.all().getFirst().name() : Machine.here().cpu();
    if (!json) {
      console.line(
          "%s, selftest of %s on %s, %s", Version.line(), chosen, machine, Machine.here().os());
    }
    List<Check> checks = new ArrayList<>();
    long start = System.nanoTime();
    new SelfTest(chosen, run.session(), name -> pattern.matcher(name).find(), seconds)
        .run(check -> {
          checks.add(check);
          if (!json) {
            print(check);
          }
        });
    if (checks.isEmpty()) {
      throw misuse("--filter '" + filter + "' matches no check");
    }
    double took = (System.nanoTime() - start) / 1e9;
    if (json) {
      printJson(chosen, machine, checks, took);
    } else {
      console.line(
          "%d passed, %d failed, %d not run, in %.1f s",
          count(checks, Outcome.PASS),
          count(checks, Outcome.FAIL),
          count(checks, Outcome.SKIP),
          took);
    }
    return count(checks, Outcome.FAIL) == 0 ? ExitCode.OK : ExitCode.INTERNAL;
  }

  private void print(Check check) {
    try {
      console.line("%s  %-36s %s", check.outcome(), check.name(), check.detail());
      console.out().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void printJson(String chosen, @Nullable String machine, List<Check> checks, double took)
      throws IOException {
    ObjectNode root = Json.object();
    root.put("kind", "selftest")
        .put("version", Version.line())
        .put("device", chosen)
        .put("machine", machine)
        .put("os", Machine.here().os())
        .put("passed", count(checks, Outcome.PASS))
        .put("failed", count(checks, Outcome.FAIL))
        .put("not_run", count(checks, Outcome.SKIP))
        .put("seconds", took);
    ArrayNode list = root.putArray("checks");
    checks.forEach(check ->
        list.addObject()
            .put("name", check.name())
            .put("outcome", check.outcome().name().toLowerCase(Locale.ROOT))
            .put("detail", check.detail()));
    Json.write(root, console.out());
  }

  private static long count(List<Check> checks, Outcome outcome) {
    return checks.stream().filter(check -> check.outcome() == outcome).count();
  }

  private Pattern pattern() {
    try {
      return Pattern.compile(filter);
    } catch (PatternSyntaxException e) {
      throw misuse("--filter '" + filter + "' is no regular expression: " + e.getDescription());
    }
  }

  private ParameterException misuse(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}

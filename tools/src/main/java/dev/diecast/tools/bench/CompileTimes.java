package dev.diecast.tools.bench;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanCodec;
import dev.diecast.plans.PlanVerifier;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.model.CompileInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How long compiling takes when done again and again in one JVM: opening the model, tracing,
 * planning, verifying, encoding. The later half of the rounds counts as warm.
 *
 * @param milliseconds of every round, in order
 * @param planBytes size of the plan
 * @param sameBytes whether every round gave the same bytes
 */
public record CompileTimes(List<Double> milliseconds, long planBytes, boolean sameBytes) {
  /** Lists of times that stay as they are. */
  public CompileTimes {
    milliseconds = List.copyOf(milliseconds);
  }

  /** Compiles a model that many times. */
  public static CompileTimes measure(String model, CompileOptions options, int rounds) {
    List<Double> times = new ArrayList<>();
    byte[] first = new byte[0];
    boolean same = true;
    for (int i = 0; i < rounds; i++) {
      long start = System.nanoTime();
      byte[] bytes = compile(model, options);
      times.add((System.nanoTime() - start) / 1e6);
      first = i == 0 ? bytes : first;
      same &= Arrays.equals(first, bytes);
    }
    return new CompileTimes(times, first.length, same);
  }

  private static byte[] compile(String model, CompileOptions options) {
    try (CompileInput input = CompileInput.open(model)) {
      Plan plan = PlanCompiler.compile(input.source(), options);
      PlanVerifier.check(plan);
      return PlanCodec.encode(plan);
    }
  }

  /** One line for people. */
  public void print(Console console) throws IOException {
    int half = milliseconds.size() / 2;
    double[] last = milliseconds.stream().skip(half).mapToDouble(Double::doubleValue).toArray();
    Spread warm = Spread.of(last);
    console.line(
        "compiled %d times: %.0f ms warm (median of the last %d; %.0f to %.0f), first %.0f ms, %d bytes, %s",
        milliseconds.size(),
        warm.median(),
        last.length,
        warm.min(),
        warm.max(),
        milliseconds.getFirst(),
        planBytes,
        sameBytes ? "the same each time" : "NOT the same each time");
  }
}

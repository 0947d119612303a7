package dev.diecast.tools.command;

import dev.diecast.bindings.posix.PeakMemory;
import dev.diecast.replay.Generation;
import dev.diecast.replay.WarmUp;
import dev.diecast.tools.console.Console;
import dev.diecast.tools.model.ByteCount;
import dev.diecast.tools.model.ReadyModel;

/** What {@code generate --stats} says. */
final class GenerationStats {
  private GenerationStats() {}

  static void print(Console console, ReadyModel ready, Generation generation) {
    Generation.Timings timings = generation.timings();
    console.note(
        "load      %8.0f ms  (plan %d ms)",
        ready.loadNanos() / 1e6, ready.compileNanos() / 1_000_000);
    console.note(
        "prompt    %8d tok  %8.1f tok/s, first token after %.0f ms",
        timings.promptTokens(), timings.prefillTokensPerSecond(), timings.firstTokenMillis());
    console.note(
        "generated %8d tok  %8.1f tok/s, %.1f us per token outside the device",
        generation.tokens().size(), timings.decodeTokensPerSecond(), timings.hostMicrosPerToken());
    console.note(
        "context   %8d of %d tokens", ready.session().position(), ready.session().capacity());
    PeakMemory.bytes()
        .ifPresent(bytes ->
            console.note("memory    %8s peak, mapped weights included", ByteCount.of(bytes)));
    WarmUp first = ready.session().startUp().warmUp();
    if (first.steps() > 0) {
      console.note(
          "warm-up   %8d steps, %.2f ms the first, %.2f ms the fastest",
          first.steps(), first.coldNanos() / 1e6, first.warmNanos() / 1e6);
    }
    if (!ready.plan().device().equals("cpu")) {
      ready.session().startUp().notes().forEach(note -> console.note("%s", note));
    }
    console.note("ended by  %s", why(generation.stop()));
  }

  private static String why(Generation.StopReason stop) {
    return switch (stop) {
      case END_OF_GENERATION -> "the model";
      case MAX_TOKENS -> "--max-tokens";
      case STOP_TEXT -> "--stop";
      case CONTEXT_FULL -> "a full context; --context N makes room";
    };
  }
}

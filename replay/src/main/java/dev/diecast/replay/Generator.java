package dev.diecast.replay;

import dev.diecast.plans.tokenizer.StreamingDecoder;
import dev.diecast.plans.tokenizer.Tokenizer;
import dev.diecast.replay.Generation.StopReason;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run of a session from a prompt to a stop. */
final class Generator {
  private final Session session;
  private final Tokenizer tokenizer;
  private final GenerateOptions options;
  private final Consumer<String> sink;
  private final StreamingDecoder decoder;
  private final StopTexts stops;
  private final List<Integer> tokens = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  Generator(Session session, Tokenizer tokenizer, GenerateOptions options, Consumer<String> sink) {
    this.session = session;
    this.tokenizer = tokenizer;
    this.options = options;
    this.sink = sink;
    this.decoder = new StreamingDecoder(tokenizer, false);
    this.stops = new StopTexts(options.stops());
  }

  /**
   * Consumes the prompt and generates; {@code began} is when the caller started, for the timings.
   */
  Generation run(int[] prompt, long began) {
    session.sampling(options.sampling());
    long prefillStart = System.nanoTime();
    int token = session.start(prompt);
    long first = System.nanoTime();
    long deviceAtFirst = session.deviceNanos();
    @Nullable StopReason reason = accept(token);
    try {
      while (reason == null) {
        reason = accept(session.stepAhead(options.maxTokens() - tokens.size()));
      }
    } finally {
      session.settle();
    }
    finish();
    long end = System.nanoTime();
    long onDevice = session.deviceNanos() - deviceAtFirst;
    int decoded = tokens.size() - 1;
    var timings =
        new Generation.Timings(
            prompt.length,
            prompt.length / seconds(first - prefillStart),
            decoded == 0 ? 0 : decoded / seconds(end - first),
            seconds(first - began) * 1e3,
            decoded == 0 ? 0 : seconds(end - first - onDevice) * 1e6 / decoded);
    return new Generation(tokens, text.toString(), reason, timings);
  }

  /** Takes a chosen token; returns why the generation ends with it, or null. */
  private @Nullable StopReason accept(int token) {
    tokens.add(token);
    if (tokenizer.isEndOfGeneration(token)) {
      return StopReason.END_OF_GENERATION;
    }
    emit(stops.accept(decoder.accept(token)));
    if (stops.found()) {
      return StopReason.STOP_TEXT;
    }
    if (tokens.size() >= options.maxTokens()) {
      return StopReason.MAX_TOKENS;
    }
    return session.position() >= session.capacity() ? StopReason.CONTEXT_FULL : null;
  }

  private void finish() {
    emit(stops.accept(decoder.flush()));
    emit(stops.flush());
  }

  private void emit(String piece) {
    if (!piece.isEmpty()) {
      text.append(piece);
      sink.accept(piece);
    }
  }

  private static double seconds(long nanos) {
    return Math.max(nanos, 1) * 1e-9;
  }
}

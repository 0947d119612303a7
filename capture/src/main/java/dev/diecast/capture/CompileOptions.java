package dev.diecast.capture;

import dev.diecast.capture.passes.PassSelection;
import dev.diecast.capture.tuning.TuningDatabase;
import dev.diecast.plans.PlanException;

/**
 * What a plan is compiled for.
 *
 * @param device {@code cpu}, {@code metal} or {@code cuda}
 * @param context KV capacity in tokens; 0 takes the model's own, at most {@link #DEFAULT_CONTEXT}
 * @param prefillTokens tokens of the {@code prefill-N} program; 0 leaves it out
 * @param attentionSplits parts into which a decode step cuts the context; 0 takes the device's own
 * @param passes which passes run
 * @param tuning measured choices to take
 */
public record CompileOptions(
    String device,
    long context,
    int prefillTokens,
    int attentionSplits,
    PassSelection passes,
    TuningDatabase tuning) {
  /** KV capacity when none is asked for; a model's own limit can be far beyond memory. */
  public static final long DEFAULT_CONTEXT = 4096;

  /** Tokens of a prefill program when no number is asked for. */
  public static final int DEFAULT_PREFILL = 32;

  private static final int MOST_PREFILL = 4096;
  private static final int MOST_SPLITS = 1024;

  /** For the cpu device, with every default. */
  public static final CompileOptions DEFAULTS =
      new CompileOptions("cpu", 0, DEFAULT_PREFILL, 0, PassSelection.ALL, TuningDatabase.builtIn());

  /** Checked options; {@link PlanException} when a number is out of range. */
  public CompileOptions {
    within("context", context, 0, Integer.MAX_VALUE);
    within("prefill tokens", prefillTokens, 0, MOST_PREFILL);
    within("attention splits", attentionSplits, 0, MOST_SPLITS);
  }

  /** The same for another device. */
  public CompileOptions withDevice(String other) {
    return new CompileOptions(other, context, prefillTokens, attentionSplits, passes, tuning);
  }

  /** The same with another KV capacity. */
  public CompileOptions withContext(long tokens) {
    return new CompileOptions(device, tokens, prefillTokens, attentionSplits, passes, tuning);
  }

  /** The same with another prefill program. */
  public CompileOptions withPrefillTokens(int tokens) {
    return new CompileOptions(device, context, tokens, attentionSplits, passes, tuning);
  }

  /** The same with another number of context splits. */
  public CompileOptions withAttentionSplits(int splits) {
    return new CompileOptions(device, context, prefillTokens, splits, passes, tuning);
  }

  /** The same with other passes. */
  public CompileOptions withPasses(PassSelection selection) {
    return new CompileOptions(device, context, prefillTokens, attentionSplits, selection, tuning);
  }

  /** The same with other measurements. */
  public CompileOptions withTuning(TuningDatabase database) {
    return new CompileOptions(device, context, prefillTokens, attentionSplits, passes, database);
  }

  private static void within(String what, long value, long least, long most) {
    if (value < least || value > most) {
      throw new PlanException(
          "compile options: " + what + " is " + value + ", not within " + least + " to " + most);
    }
  }
}

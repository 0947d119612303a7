package dev.diecast.plans;

/**
 * Layout of the step state, the buffer that lets every token replay the same commands. All fields
 * are little-endian; the plan's {@code sample} and {@code advance} kernels update it, the host
 * writes it only between steps.
 */
public final class StepState {
  /** int32: the token that the next decode step consumes. */
  public static final long TOKEN = 0;

  /** int32: rows in the KV cache, which is the position of the next token. */
  public static final long POSITION = 4;

  /** int32: tokens that the next step consumes; 1 for decode, 1 to N for prefill-N. */
  public static final long ACTIVE = 8;

  /** int32: 1 when the next step samples a token and emits it. */
  public static final long EMIT = 12;

  /** int64: tokens emitted since the session began. */
  public static final long EMITTED = 16;

  /** int64: the sampling seed. */
  public static final long SEED = 24;

  /** float32: the sampling temperature; 0 is greedy. */
  public static final long TEMPERATURE = 32;

  /** int32: keep the k likeliest tokens; 0 keeps all. */
  public static final long TOP_K = 36;

  /** float32: keep the likeliest tokens that reach this probability; 1 keeps all. */
  public static final long TOP_P = 40;

  /** float32: drop tokens less likely than this share of the likeliest; 0 keeps all. */
  public static final long MIN_P = 44;

  /** float32: divides positive and multiplies negative logits of recent tokens; 1 is off. */
  public static final long REPEAT_PENALTY = 48;

  /** int32: how many recent tokens the penalty covers, 0 to {@link #HISTORY_TOKENS}. */
  public static final long REPEAT_WINDOW = 52;

  /** int32: the token that the last emitting step chose. */
  public static final long SAMPLED = 56;

  /**
   * int32: tokens ever appended to the history; the newest lies at {@code (count - 1) %
   * HISTORY_TOKENS}.
   */
  public static final long HISTORY_COUNT = 60;

  /** int32[HISTORY_TOKENS]: the tokens consumed last, a ring. */
  public static final long HISTORY = 64;

  /** Tokens that the history holds. */
  public static final int HISTORY_TOKENS = 256;

  /** Size of the state in bytes. */
  public static final long BYTES = HISTORY + 4L * HISTORY_TOKENS;

  /** Tokens that the output ring holds. */
  public static final int RING_TOKENS = 1024;

  private StepState() {}
}

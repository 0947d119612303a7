package dev.diecast.plans.tokenizer;

import dev.diecast.plans.PlanException;

/** What a token is; the ids are those of {@code tokenizer.ggml.token_type}. */
enum TokenKind {
  /** Not stated. */
  UNDEFINED,
  /** A piece of text. */
  NORMAL,
  /** Stands for what the vocabulary cannot express. */
  UNKNOWN,
  /** Steers the model; matched in text only on request, and no text of an answer. */
  CONTROL,
  /** Text that is always one token. */
  USER_DEFINED,
  /** A place in the vocabulary that nothing uses. */
  UNUSED,
  /** One byte, written {@code <0xXX>}. */
  BYTE;

  private static final TokenKind[] BY_ID = values();

  static TokenKind of(long id, String where) {
    if (id < 0 || id >= BY_ID.length) {
      throw new PlanException(where + " has the unknown token type " + id);
    }
    return BY_ID[(int) id];
  }

  /** Steers the model or stands for the unknown: found in text only on request. */
  boolean isSpecial() {
    return this == CONTROL || this == UNKNOWN;
  }
}

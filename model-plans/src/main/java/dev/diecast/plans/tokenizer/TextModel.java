package dev.diecast.plans.tokenizer;

/** How text between special tokens becomes ids, and ids become text again. */
sealed interface TextModel permits BytePairModel, SentencePieceModel {
  /** An encoder with scratch memory of its own: for one thread, kept no longer than one text. */
  Encoder encoder();

  /** The bytes that a token of kind normal or byte stands for. */
  byte[] bytes(int id);

  /** True when text is encoded with a space put before it, which decoding takes away again. */
  boolean prefixesSpace();

  /** Turns fragments of one text into ids. */
  interface Encoder {
    /**
     * Appends the ids of a fragment without special tokens.
     *
     * @param first true at the start of the text and behind a special token
     */
    void encode(String fragment, boolean first, IntList ids);
  }
}

package dev.diecast.plans.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * SentencePiece's BPE ({@code llama}): characters merge into tokens, the best score first; spaces
 * are written U+2581. A character that is no token becomes its bytes {@code <0xXX>}, and where the
 * vocabulary lacks those, the unknown token.
 */
final class SentencePieceModel implements TextModel {
  private static final char SPACE = '\u2581';

  private final Vocabulary vocabulary;
  private final boolean prefixesSpace;
  private final int[] byteTokens = new int[256];

  /**
   * A model over a vocabulary.
   *
   * @param unknown the id of the unknown token, or negative: what it stands for is left out
   */
  SentencePieceModel(Vocabulary vocabulary, boolean prefixesSpace, int unknown) {
    this.vocabulary = vocabulary;
    this.prefixesSpace = prefixesSpace;
    for (int b = 0; b < 256; b++) {
      byteTokens[b] = byteToken(b, unknown);
    }
  }

  @Override
  public Encoder encoder() {
    return new CharacterEncoder();
  }

  @Override
  public byte[] bytes(int id) {
    String text = vocabulary.text(id);
    if (vocabulary.kind(id) == TokenKind.BYTE) {
      int b = byteOf(text);
      if (b >= 0) {
        return new byte[] {(byte) b};
      }
    }
    return text.replace(SPACE, ' ').getBytes(UTF_8);
  }

  @Override
  public boolean prefixesSpace() {
    return prefixesSpace;
  }

  /** The byte (0..255) that a text of the form {@code <0xXX>} names, or -1. */
  static int byteOf(String text) {
    if (text.length() != 6 || !text.startsWith("<0x") || text.charAt(5) != '>') {
      return -1;
    }
    int high = Character.digit(text.charAt(3), 16);
    int low = Character.digit(text.charAt(4), 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  private int byteToken(int b, int unknown) {
    int named = vocabulary.find(String.format("<0x%02X>", b));
    if (named >= 0) {
      return named;
    }
    int plain = b < 0x80 ? vocabulary.find(String.valueOf((char) b)) : Vocabulary.NOT_FOUND;
    return plain >= 0 ? plain : unknown;
  }

  /** Symbols are stretches of the text; a pair merges when its text is a token. */
  private final class CharacterEncoder implements Encoder, PairMerger.Symbols {
    private final PairMerger merger = new PairMerger();
    private String text = "";
    private int[] starts = new int[64];
    private int[] ends = new int[64];

    @Override
    public void encode(String fragment, boolean first, IntList ids) {
      text = (prefixesSpace && first ? SPACE + fragment : fragment).replace(' ', SPACE);
      int count = cutCharacters();
      if (count == 0) {
        return;
      }
      merger.merge(count, this);
      for (int at = 0; at >= 0; at = merger.next(at)) {
        append(text.substring(starts[at], ends[at]), ids);
      }
    }

    private int cutCharacters() {
      if (starts.length < text.length()) {
        starts = new int[text.length()];
        ends = new int[text.length()];
      }
      int count = 0;
      for (int i = 0; i < text.length(); i = ends[count++]) {
        starts[count] = i;
        ends[count] = i + Character.charCount(text.codePointAt(i));
      }
      return count;
    }

    private void append(String symbol, IntList ids) {
      int id = vocabulary.find(symbol);
      if (id >= 0) {
        ids.add(id);
        return;
      }
      for (byte b : symbol.getBytes(UTF_8)) {
        int single = byteTokens[b & 0xFF];
        if (single >= 0) {
          ids.add(single);
        }
      }
    }

    @Override
    public int priority(int left, int right) {
      int id = vocabulary.find(text.substring(starts[left], ends[right]));
      return id < 0 ? PairMerger.NO_MERGE : descending(vocabulary.score(id));
    }

    @Override
    public void join(int left, int right) {
      ends[left] = ends[right];
    }

    /** An int that orders floats from high to low; 0 and -0 are one. */
    private static int descending(float score) {
      int bits = Float.floatToIntBits(score + 0f);
      return ~(bits < 0 ? bits ^ Integer.MAX_VALUE : bits);
    }
  }
}

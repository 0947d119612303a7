package dev.diecast.plans.shapes;

import dev.diecast.plans.gguf.MetaValue;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A valid byte-level BPE vocabulary of any size: the 256 bytes, the prefixes of some common words
 * with a merge each, filler pseudo-words that no merge makes, and four special tokens at the end.
 */
final class SyntheticVocab {
  private static final String WORDS =
      "the of and to in is it that for was on are as with his they at be this have from or one had"
          + " by word but not what all were we when your can said there use an each which she do"
          + " how their if will up other about out many then them these so some her would make"
          + " like him into time has look two more write go see number no way could people my than"
          + " first water been call who oil its now find long down day did get come made may part";
  private static final List<String> SPECIALS = List.of("<|bos|>", "<|eos|>", "<|pad|>", "<|user|>");
  private static final int NORMAL = 1;
  private static final int CONTROL = 3;
  private static final String CONSONANTS = "bdfgjklmnprstvwz";
  private static final String VOWELS = "aeiou";
  private static final String SPACE = "\u0120";

  private SyntheticVocab() {}

  static void put(Map<String, MetaValue> entries, int size, Pre pre) {
    List<String> words = new ArrayList<>();
    List<String> merges = new ArrayList<>();
    for (String word : WORDS.split(" ", -1)) {
      grow(SPACE + word, words, merges);
    }
    long[] types = new long[size];
    Arrays.fill(types, NORMAL);
    Arrays.fill(types, size - SPECIALS.size(), size, CONTROL);
    entries.put("tokenizer.ggml.model", new MetaValue.Text("gpt2"));
    entries.put("tokenizer.ggml.pre", new MetaValue.Text(pre.label()));
    entries.put("tokenizer.ggml.tokens", new MetaValue.Texts(new Tokens(words, size)));
    entries.put("tokenizer.ggml.token_type", new MetaValue.Ints(MetaValue.Type.INT32, types));
    entries.put("tokenizer.ggml.merges", new MetaValue.Texts(List.copyOf(merges)));
    entries.put("tokenizer.ggml.bos_token_id", ShapeMetadata.uint32(size - 4));
    entries.put("tokenizer.ggml.eos_token_id", ShapeMetadata.uint32(size - 3));
    entries.put("tokenizer.ggml.padding_token_id", ShapeMetadata.uint32(size - 2));
    entries.put("tokenizer.ggml.add_bos_token", new MetaValue.Bool(pre.addsBos()));
  }

  /** Adds what is missing of a word's prefixes, each made of the one before and a letter. */
  private static void grow(String word, List<String> words, List<String> merges) {
    for (int length = 2; length <= word.length(); length++) {
      String prefix = word.substring(0, length);
      if (!words.contains(prefix)) {
        words.add(prefix);
        merges.add(word.substring(0, length - 1) + " " + word.charAt(length - 1));
      }
    }
  }

  /** GPT-2's printable stand-in for a byte. */
  private static char symbol(int value) {
    if (isPrintable(value)) {
      return (char) value;
    }
    int rank = 0;
    for (int b = 0; b < value; b++) {
      rank += isPrintable(b) ? 0 : 1;
    }
    return (char) (256 + rank);
  }

  private static boolean isPrintable(int b) {
    return (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || (b >= 0xae && b <= 0xff);
  }

  /** All pairs of syllables. */
  private static String[] syllablePairs() {
    int syllables = CONSONANTS.length() * VOWELS.length();
    String[] pairs = new String[syllables * syllables];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = syllable(i / syllables).concat(syllable(i % syllables));
    }
    return pairs;
  }

  private static String syllable(int index) {
    char consonant = CONSONANTS.charAt(index / VOWELS.length());
    char vowel = VOWELS.charAt(index % VOWELS.length());
    return new String(new char[] {consonant, vowel});
  }

  /** The tokens, made when asked for: a shape compile needs none of them. */
  private static final class Tokens extends AbstractList<String> {
    private static final int BYTES = 256;

    private final String[] pairs = syllablePairs();
    private final List<String> words;
    private final int size;

    Tokens(List<String> words, int size) {
      this.words = List.copyOf(words);
      this.size = size;
    }

    @Override
    public String get(int index) {
      int special = index - (size - SPECIALS.size());
      if (special >= 0) {
        return SPECIALS.get(special);
      }
      if (index < BYTES) {
        return String.valueOf(symbol(index));
      }
      int word = index - BYTES;
      return word < words.size() ? words.get(word) : filler(word - words.size());
    }

    /** A pseudo-word of four syllables, which no common word begins with. */
    private String filler(int index) {
      return SPACE.concat(pairs[index % pairs.length]).concat(pairs[index / pairs.length]);
    }

    @Override
    public int size() {
      return size;
    }
  }
}

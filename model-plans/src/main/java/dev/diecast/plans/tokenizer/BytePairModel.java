package dev.diecast.plans.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.diecast.plans.gguf.Metadata;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;

/**
 * Byte-level BPE ({@code gpt2}): words of the {@link PreTokenizer}, each as UTF-8 bytes in the
 * {@link ByteAlphabet}, merged by rank. A byte that neither a merge nor a token covers is left out.
 */
final class BytePairModel implements TextModel {
  private final Vocabulary vocabulary;
  private final PreTokenizer preTokenizer;
  private final MergeTable merges;

  BytePairModel(Metadata metadata, Vocabulary vocabulary, PreTokenizer preTokenizer) {
    this.vocabulary = vocabulary;
    this.preTokenizer = preTokenizer;
    this.merges = new MergeTable(metadata, vocabulary);
  }

  @Override
  public Encoder encoder() {
    return new WordEncoder();
  }

  @Override
  public byte[] bytes(int id) {
    String text = vocabulary.text(id);
    var bytes = new ByteArrayOutputStream(text.length());
    text.codePoints()
        .forEach(c -> {
          int b = ByteAlphabet.toByte(c);
          if (b >= 0) {
            bytes.write(b);
          } else {
            bytes.writeBytes(Character.toString(c).getBytes(UTF_8));
          }
        });
    return bytes.toByteArray();
  }

  @Override
  public boolean prefixesSpace() {
    return false;
  }

  /** Encodes word by word; remembers short words of the text, which recur. */
  private final class WordEncoder implements Encoder, PairMerger.Symbols {
    private static final int REMEMBERED_WORDS = 1 << 16;
    private static final int REMEMBERED_LENGTH = 32;

    private final Map<String, int[]> remembered = new HashMap<>();
    private final PairMerger merger = new PairMerger();
    private int[] symbols = new int[64];

    @Override
    public void encode(String fragment, boolean first, IntList ids) {
      for (String word : preTokenizer.split(fragment)) {
        encodeWord(word, ids);
      }
    }

    private void encodeWord(String word, IntList ids) {
      int[] known = remembered.get(word);
      if (known != null) {
        ids.addAll(known);
        return;
      }
      int start = ids.size();
      merge(word.getBytes(UTF_8), ids);
      if (word.length() <= REMEMBERED_LENGTH && remembered.size() < REMEMBERED_WORDS) {
        remembered.put(word, ids.from(start));
      }
    }

    private void merge(byte[] bytes, IntList ids) {
      if (preTokenizer.ignoresMerges()) {
        int whole = vocabulary.find(ByteAlphabet.write(bytes));
        if (whole >= 0) {
          ids.add(whole);
          return;
        }
      }
      if (symbols.length < bytes.length) {
        symbols = new int[bytes.length];
      }
      for (int i = 0; i < bytes.length; i++) {
        symbols[i] = merges.byteSymbol(bytes[i] & 0xFF);
      }
      merger.merge(bytes.length, this);
      for (int at = 0; at >= 0; at = merger.next(at)) {
        int after = merger.next(at) < 0 ? bytes.length : merger.next(at);
        append(bytes, at, after, ids);
      }
    }

    private void append(byte[] bytes, int at, int after, IntList ids) {
      if (symbols[at] < vocabulary.size()) {
        ids.add(symbols[at]);
        return;
      }
      for (int i = at; i < after; i++) {
        int single = merges.byteSymbol(bytes[i] & 0xFF);
        if (single < vocabulary.size()) {
          ids.add(single);
        }
      }
    }

    @Override
    public int priority(int left, int right) {
      int slot = merges.find(symbols[left], symbols[right]);
      return slot < 0 ? PairMerger.NO_MERGE : merges.rank(slot);
    }

    @Override
    public void join(int left, int right) {
      symbols[left] = merges.merged(merges.find(symbols[left], symbols[right]));
    }
  }
}

package dev.diecast.plans.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.Metadata;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;

/**
 * Text to token ids and back, as a model's GGUF metadata says ({@code tokenizer.ggml.*}). Immutable
 * and safe for use by several threads.
 *
 * <p>Two models are known: {@code gpt2}, byte-level BPE with the pre-tokenizers of {@code
 * tokenizer.ggml.pre}, and {@code llama}, SentencePiece with byte fallback. Ids equal those of
 * llama.cpp.
 */
public final class Tokenizer {
  /** What {@link #bos} and {@link #eos} are when a model has none. */
  public static final int NONE = -1;

  private static final String PREFIX = "tokenizer.ggml.";
  private static final String MODEL = PREFIX + "model";
  private static final String PRE = PREFIX + "pre";
  private static final byte[] NOTHING = {};

  private final Vocabulary vocabulary;
  private final TextModel model;
  private final SpecialSplitter specials;
  private final int bos;
  private final int eos;
  private final boolean addsBos;
  private final boolean addsEos;
  private final SortedSet<Integer> endOfGeneration;

  /**
   * The tokenizer that the metadata of a model describes. Defaults are llama.cpp's: no
   * pre-tokenizer is {@code default}, no scores are 0, no token types are normal tokens; {@code
   * llama} has BOS 1, EOS 2 and unknown 0, {@code gpt2} none.
   *
   * @throws PlanException when the metadata lacks something, contradicts itself or names a model or
   *     pre-tokenizer that is not known
   */
  public static Tokenizer of(Metadata metadata) {
    String model = metadata.text(MODEL);
    return switch (model) {
      case "gpt2" -> bytePair(metadata);
      case "llama" -> sentencePiece(metadata);
      default ->
          throw new PlanException(
              metadata.at(MODEL) + " is '" + model + "'; known tokenizers are gpt2 and llama");
    };
  }

  private static Tokenizer bytePair(Metadata metadata) {
    String name = metadata.text(PRE, "default");
    PreTokenizer pre =
        KnownPreTokenizers.named(name)
            .orElseThrow(() ->
                new PlanException(
                    metadata.at(PRE)
                        + " is '"
                        + name
                        + "'; known pre-tokenizers are "
                        + KnownPreTokenizers.names()));
    var vocabulary = new Vocabulary(metadata);
    var model = new BytePairModel(metadata, vocabulary, pre);
    int bos = id(metadata, "bos", NONE, vocabulary);
    int eos = id(metadata, "eos", NONE, vocabulary);
    return new Tokenizer(
        metadata, vocabulary, model, bos, eos, pre.addsBos(), pre.equals(KnownPreTokenizers.GLM4));
  }

  private static Tokenizer sentencePiece(Metadata metadata) {
    var vocabulary = new Vocabulary(metadata);
    int bos = id(metadata, "bos", 1, vocabulary);
    int eos = id(metadata, "eos", 2, vocabulary);
    int unknown = id(metadata, "unknown", 0, vocabulary);
    if (!vocabulary.statesKinds()) {
      guessKinds(vocabulary, bos, eos, unknown);
    }
    boolean prefix = metadata.flag(PREFIX + "add_space_prefix", true);
    var model = new SentencePieceModel(vocabulary, prefix, unknown);
    return new Tokenizer(metadata, vocabulary, model, bos, eos, true, false);
  }

  private Tokenizer(
      Metadata metadata,
      Vocabulary vocabulary,
      TextModel model,
      int bos,
      int eos,
      boolean addsBosByDefault,
      boolean glm) {
    this.vocabulary = vocabulary;
    this.model = model;
    this.bos = bos;
    this.eos = eos;
    this.addsBos = adds(metadata, "bos", bos, addsBosByDefault);
    this.addsEos = adds(metadata, "eos", eos, false);
    this.endOfGeneration =
        Collections.unmodifiableSortedSet(EndTokens.find(metadata, vocabulary, eos, glm));
    String modelName = metadata.text("general.name", "");
    Set<Integer> stripping = SpecialSplitter.strippingRight(modelName, vocabulary);
    this.specials = new SpecialSplitter(vocabulary, stripping);
  }

  /** A file without token types still has byte tokens and the three special ones. */
  private static void guessKinds(Vocabulary vocabulary, int bos, int eos, int unknown) {
    for (int id = 0; id < vocabulary.size(); id++) {
      if (id == bos || id == eos) {
        vocabulary.mark(id, TokenKind.CONTROL);
      } else if (id == unknown) {
        vocabulary.mark(id, TokenKind.UNKNOWN);
      } else if (SentencePieceModel.byteOf(vocabulary.text(id)) >= 0) {
        vocabulary.mark(id, TokenKind.BYTE);
      }
    }
  }

  private static int id(Metadata metadata, String name, int otherwise, Vocabulary vocabulary) {
    String key = PREFIX + name + "_token_id";
    if (metadata.find(key).isEmpty()) {
      return otherwise < vocabulary.size() ? otherwise : NONE;
    }
    long id = metadata.integer(key);
    if (id < 0 || id >= vocabulary.size()) {
      throw new PlanException(
          metadata.at(key) + " is " + id + ", outside the " + vocabulary.size() + " tokens");
    }
    return (int) id;
  }

  /** Whether a file adds a token to each text; to state so needs the token. */
  private static boolean adds(Metadata metadata, String name, int id, boolean otherwise) {
    String key = PREFIX + "add_" + name + "_token";
    boolean stated = metadata.find(key).isPresent();
    boolean adds = metadata.flag(key, otherwise);
    if (adds && stated && id == NONE) {
      throw new PlanException(
          metadata.at(key) + " is true, but there is no " + PREFIX + name + "_token_id");
    }
    return adds && id != NONE;
  }

  /**
   * The ids of a text. Surrogates without their partner count as U+FFFD.
   *
   * @param addSpecial adds BOS and EOS where the model wants them
   * @param parseSpecial takes the texts of control tokens for those tokens, as in a filled-in chat
   *     template; otherwise they are text like any other
   */
  public int[] encode(String text, boolean addSpecial, boolean parseSpecial) {
    var ids = new IntList();
    if (addSpecial && addsBos) {
      ids.add(bos);
    }
    if (!text.isEmpty()) {
      encode(wellFormed(text), parseSpecial, ids);
    }
    if (addSpecial && addsEos) {
      ids.add(eos);
    }
    return ids.from(0);
  }

  private void encode(String text, boolean parseSpecial, IntList ids) {
    TextModel.Encoder encoder = model.encoder();
    boolean first = true;
    for (SpecialSplitter.Fragment fragment : specials.split(text, parseSpecial)) {
      switch (fragment) {
        case SpecialSplitter.Fragment.Special(int id) -> {
          ids.add(id);
          first = true;
        }
        case SpecialSplitter.Fragment.Plain(int start, int end) -> {
          encoder.encode(text.substring(start, end), first, ids);
          first = false;
        }
      }
    }
  }

  private static String wellFormed(String text) {
    boolean broken = text.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF);
    if (!broken) {
      return text;
    }
    int[] repaired = text.codePoints().map(c -> c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c).toArray();
    return new String(repaired, 0, repaired.length);
  }

  /**
   * The text of ids, the way back from {@link #encode}: without the BOS, EOS and leading space that
   * encoding adds; special tokens show as their text. Bytes that are no UTF-8 become U+FFFD. Spaces
   * are left as they are (llama.cpp may tidy them up before punctuation).
   *
   * @throws PlanException for an id outside the vocabulary
   */
  public String decode(int[] ids) {
    int start = addsBos && ids.length > 0 && ids[0] == bos ? 1 : 0;
    int end =
        addsEos && ids.length > start && ids[ids.length - 1] == eos ? ids.length - 1 : ids.length;
    var decoder = new StreamingDecoder(this, true);
    var text = new StringBuilder();
    for (int i = start; i < end; i++) {
      text.append(decoder.accept(ids[i]));
    }
    text.append(decoder.flush());
    boolean prefixed = model.prefixesSpace() && start < end && !isSpecial(ids[start]);
    if (prefixed && !text.isEmpty() && text.charAt(0) == ' ') {
      text.deleteCharAt(0);
    }
    return text.toString();
  }

  /**
   * The bytes that a token stands for in text: possibly a part of a character, a special token's
   * own text, nothing for an unused token.
   *
   * @throws PlanException for an id outside the vocabulary
   */
  public byte[] bytes(int id) {
    return switch (vocabulary.kind(checked(id))) {
      case NORMAL, BYTE -> model.bytes(id);
      case CONTROL, UNKNOWN, USER_DEFINED -> vocabulary.text(id).getBytes(UTF_8);
      case UNUSED, UNDEFINED -> NOTHING;
    };
  }

  /** The number of tokens; ids are from 0 to below it. */
  public int vocabSize() {
    return vocabulary.size();
  }

  /** The token that starts a text, or {@link #NONE}. */
  public int bos() {
    return bos;
  }

  /** The token that ends a text, or {@link #NONE}. */
  public int eos() {
    return eos;
  }

  /** True when {@link #encode} with {@code addSpecial} puts BOS first. */
  public boolean addsBos() {
    return addsBos;
  }

  /** True when {@link #encode} with {@code addSpecial} puts EOS last. */
  public boolean addsEos() {
    return addsEos;
  }

  /** The tokens that end an answer: EOS and those that end a turn; in order, unmodifiable. */
  public SortedSet<Integer> endOfGeneration() {
    return endOfGeneration;
  }

  /** True for a token that ends an answer. */
  public boolean isEndOfGeneration(int id) {
    return endOfGeneration.contains(id);
  }

  /**
   * True for a token that steers the model and is no text of an answer.
   *
   * @throws PlanException for an id outside the vocabulary
   */
  public boolean isControl(int id) {
    return vocabulary.kind(checked(id)) == TokenKind.CONTROL;
  }

  /** True for control tokens and the unknown token, which are no text of an answer. */
  boolean isSpecial(int id) {
    return vocabulary.kind(checked(id)).isSpecial();
  }

  /**
   * A token as the vocabulary writes it (byte-level BPE and SentencePiece each have their own
   * spelling of spaces and bytes).
   *
   * @throws PlanException for an id outside the vocabulary
   */
  public String text(int id) {
    return vocabulary.text(checked(id));
  }

  /** The token of a text as the vocabulary writes it, or {@link #NONE}. */
  public int find(String text) {
    return vocabulary.find(text);
  }

  private int checked(int id) {
    if (id < 0 || id >= vocabulary.size()) {
      throw new PlanException(
          "token id " + id + " is outside the vocabulary of " + vocabulary.size() + " tokens");
    }
    return id;
  }
}

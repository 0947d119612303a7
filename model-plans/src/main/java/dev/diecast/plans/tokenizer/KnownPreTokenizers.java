package dev.diecast.plans.tokenizer;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The pre-tokenizers that a file can name in {@code tokenizer.ggml.pre}.
 *
 * <p>The names, patterns and settings are those of llama.cpp ({@code src/llama-vocab.cpp}). Its
 * matcher folds Unicode categories before it matches, so letter case counts for nothing and white
 * space lies in no range of characters; the patterns here say so outright.
 */
final class KnownPreTokenizers {
  private static final String ANY_CASE_CONTRACTION =
      "'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD]";

  private static final String SPACES = "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final String GPT2_WORDS =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

  private static final String ASIAN = "[\\u0800-\\u9FA5\\uAC00-\\uD7FF&&[^\\s]]+";

  /** The letters with case that DeepSeek lists: those of Unicode 11, less a few late blocks. */
  private static final String CASED_LETTERS =
      "A-Za-z\\u00B5\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u01BA\\u01BC-\\u01BF\\u01C4-\\u0293"
          + "\\u0295-\\u02AF\\u0370-\\u0373\\u0376\\u0377\\u037B-\\u037D\\u037F\\u0386"
          + "\\u0388-\\u038A\\u038C\\u038E-\\u03A1\\u03A3-\\u03F5\\u03F7-\\u0481\\u048A-\\u052F"
          + "\\u0531-\\u0556\\u10A0-\\u10C5\\u13A0-\\u13F5\\u13F8-\\u13FD\\u1C90-\\u1CBA"
          + "\\u1CBD-\\u1CBF\\u1D00-\\u1D2B\\u1D6B-\\u1D77\\u1D79-\\u1D9A\\u1E00-\\u1F15"
          + "\\u1F18-\\u1F1D\\u1F20-\\u1F45\\u1F48-\\u1F4D\\u1F50-\\u1F57\\u1F59\\u1F5B\\u1F5D"
          + "\\u1F5F-\\u1F7D\\u1F80-\\u1FB4\\u1FB6-\\u1FBC\\u1FBE\\u1FC2-\\u1FC4\\u1FC6-\\u1FCC"
          + "\\u1FD0-\\u1FD3\\u1FD6-\\u1FDB\\u1FE0-\\u1FEC\\u1FF2-\\u1FF4\\u1FF6-\\u1FFC\\u2102"
          + "\\u2107\\u210A-\\u2113\\u2115\\u2119-\\u211D\\u2124\\u2126\\u2128\\u212A-\\u212D"
          + "\\u212F-\\u2134\\u2139\\u213C-\\u213F\\u2145-\\u2149\\u214E\\u2183\\u2184"
          + "\\u2C00-\\u2C7B\\u2C7E-\\u2CE4\\u2CEB-\\u2CEE\\u2CF2\\u2CF3\\uA640-\\uA66D"
          + "\\uA680-\\uA69B\\uA722-\\uA76F\\uA771-\\uA787\\uA78B-\\uA78E\\uAB70-\\uABBF"
          + "\\uFB00-\\uFB06\\uFB13-\\uFB17\\uFF21-\\uFF3A\\uFF41-\\uFF5A\\x{10400}-\\x{1044F}"
          + "\\x{104B0}-\\x{104D3}\\x{104D8}-\\x{104FB}\\x{10C80}-\\x{10CB2}"
          + "\\x{10CC0}-\\x{10CF2}\\x{118A0}-\\x{118DF}\\x{1E900}-\\x{1E943}";

  /** When a file states none. */
  static final PreTokenizer DEFAULT =
      PreTokenizer.of(
          List.of("default"),
          false,
          false,
          "[\\p{P}$+<=>^~|]+",
          GPT2_WORDS,
          "\\p{N}+",
          "[0-9][0-9][0-9]");

  /** GPT-2 and those that took its pattern over. */
  static final PreTokenizer GPT2 =
      PreTokenizer.of(
          List.of(
              "gpt-2",
              "gpt2",
              "phi-2",
              "mpt",
              "olmo",
              "jais",
              "trillion",
              "exaone4",
              "granite-docling",
              "gigachat",
              "a.x-4.0",
              "mellum"),
          false,
          false,
          GPT2_WORDS);

  /** GPT-2 with every digit on its own: StarCoder, SmolLM. */
  static final PreTokenizer STARCODER =
      PreTokenizer.of(
          List.of(
              "starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b"),
          false,
          false,
          "\\p{N}",
          GPT2_WORDS);

  /** Llama 3: digits in threes; a word that is a token is not merged at all. */
  static final PreTokenizer LLAMA3 =
      PreTokenizer.of(
          List.of(
              "llama-bpe",
              "llama3",
              "llama-v3",
              "falcon3",
              "falcon-h1",
              "pixtral",
              "midm-2.0",
              "lfm2",
              "jina-v5-nano"),
          true,
          true,
          words("\\p{N}{1,3}"));

  /** The pattern of Llama 3 alone. */
  static final PreTokenizer DBRX =
      PreTokenizer.of(List.of("dbrx", "smaug-bpe"), false, false, words("\\p{N}{1,3}"));

  /** Qwen 2 and 3: every digit on its own. */
  static final PreTokenizer QWEN2 =
      PreTokenizer.of(
          List.of(
              "qwen2",
              "deepseek-r1-qwen",
              "megrez",
              "kormo",
              "f2llmv2",
              "stablelm2",
              "hunyuan",
              "solar-open"),
          false,
          false,
          words("\\p{N}"));

  /** GLM 4: the pattern of Llama 3. */
  static final PreTokenizer GLM4 =
      PreTokenizer.of(List.of("glm4", "chatglm-bpe"), false, false, words("\\p{N}{1,3}"));

  /** DeepSeek LLM and V2: cased letters, punctuation, scripts of Asia, digits. */
  static final PreTokenizer DEEPSEEK_LLM =
      PreTokenizer.of(
          List.of("deepseek-llm"),
          false,
          false,
          "[\\r\\n]",
          "\\s?[" + CASED_LETTERS + "]+",
          "\\s?[!-/:-~\\uFF01-\\uFF0F\\uFF1A-\\uFF5E\\u2018-\\u201F\\u3001-\\u3002]+",
          // The white space at the end of a word; the lookbehind keeps a long run from being tried
          // once from each of its characters.
          "(?<!\\s)\\s++\\z",
          ASIAN,
          "\\p{N}+");

  /** DeepSeek Coder: letters, punctuation, scripts of Asia, every digit on its own. */
  static final PreTokenizer DEEPSEEK_CODER =
      PreTokenizer.of(
          List.of("deepseek-coder"),
          false,
          false,
          "[\\r\\n]",
          "\\s?\\p{L}+",
          "\\s?\\p{P}+",
          ASIAN,
          "\\p{N}");

  /** Youtu: scripts of East Asia first, then words with their contraction. */
  static final PreTokenizer YOUTU =
      PreTokenizer.of(
          List.of("youtu"),
          true,
          false,
          "[\\uAC00-\\uD7A3\\u3131-\\u318E]+"
              + "|[\\uFF01\\u2026\\u201C\\u201D\\u2018\\u2019\\u2014\\uFF1A\\uFF1B\\uFF0C"
              + "\\u3001-\\u303F\\uFE30-\\uFE4F]+"
              + "|[\\u3105-\\u312F]+"
              + "|[\\u4E00-\\u9FA5\\u3040-\\u309F\\u30A0-\\u30FF]+",
          "[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+(?:"
              + ANY_CASE_CONTRACTION
              + ")?|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|"
              + SPACES);

  private static final List<PreTokenizer> ALL =
      List.of(
          DEFAULT, GPT2, STARCODER, LLAMA3, DBRX, QWEN2, GLM4, DEEPSEEK_LLM, DEEPSEEK_CODER, YOUTU);

  private KnownPreTokenizers() {}

  /** The pre-tokenizer of a name. */
  static Optional<PreTokenizer> named(String name) {
    return ALL.stream().filter(p -> p.names().contains(name)).findFirst();
  }

  /** All names, for messages. */
  static String names() {
    return ALL.stream().flatMap(p -> p.names().stream()).sorted().collect(Collectors.joining(", "));
  }

  /** Words with one character before them, numbers of that form, other runs, white space. */
  private static String words(String numbers) {
    return ANY_CASE_CONTRACTION
        + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|"
        + numbers
        + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|"
        + SPACES;
  }
}

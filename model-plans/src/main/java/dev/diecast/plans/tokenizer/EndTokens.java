package dev.diecast.plans.tokenizer;

import dev.diecast.plans.gguf.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The tokens that end an answer: those the metadata names, and those known by their text, since
 * many files name just one of several. Known texts of control tokens are control tokens, whatever
 * the file says. The lists are llama.cpp's ({@code src/llama-vocab.cpp}).
 */
final class EndTokens {
  private static final List<String> ENDS =
      List.of(
          "<|eot_id|>",
          "<|im_end|>",
          "<|end|>",
          "<|return|>",
          "<|call|>",
          "<|eom_id|>",
          "<end_of_turn>",
          "<|endoftext|>",
          "<|end_of_text|>",
          "<end_of_utterance>",
          "<EOT>",
          "_<EOT>",
          "[EOT]",
          "[EOS]",
          "<\uFF5Cend\u2581of\u2581sentence\uFF5C>");

  // In GLM these start the turn of somebody else, which ends the model's own.
  private static final List<String> GLM_TURNS = List.of("<|user|>", "<|observation|>");

  /** A role in fill-in-the-middle prompts. */
  private record Role(boolean ends, List<String> keys, List<String> texts) {}

  private static final List<Role> ROLES =
      List.of(
          new Role(
              false,
              List.of("fim_pre", "prefix"),
              List.of(
                  "<|fim_prefix|>",
                  "<fim-prefix>",
                  "<fim_prefix>",
                  "<\uFF5Cfim\u2581begin\uFF5C>",
                  "<PRE>",
                  "\u2581<PRE>",
                  "<|code_prefix|>")),
          new Role(
              false,
              List.of("fim_suf", "suffix"),
              List.of(
                  "<|fim_suffix|>",
                  "<fim-suffix>",
                  "<fim_suffix>",
                  "<\uFF5Cfim\u2581hole\uFF5C>",
                  "<SUF>",
                  "\u2581<SUF>",
                  "<|code_suffix|>")),
          new Role(
              false,
              List.of("fim_mid", "middle"),
              List.of(
                  "<|fim_middle|>",
                  "<fim-middle>",
                  "<fim_middle>",
                  "<\uFF5Cfim\u2581end\uFF5C>",
                  "<MID>",
                  "\u2581<MID>",
                  "<|code_middle|>")),
          new Role(
              true,
              List.of("fim_pad"),
              List.of("<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]")),
          new Role(
              true,
              List.of("fim_rep"),
              List.of("<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>")),
          new Role(true, List.of("fim_sep"), List.of("<|file_sep|>")));

  private EndTokens() {}

  /** The ids that end an answer; marks known control tokens in the vocabulary. */
  static SortedSet<Integer> find(Metadata metadata, Vocabulary vocabulary, int eos, boolean glm) {
    var ends = new TreeSet<Integer>();
    for (Role role : ROLES) {
      int id = idOf(role, metadata, vocabulary);
      if (id >= 0 && role.ends) {
        ends.add(id);
      }
    }
    for (String text : glm ? concat(ENDS, GLM_TURNS) : ENDS) {
      int id = vocabulary.find(text);
      if (id >= 0) {
        vocabulary.mark(id, TokenKind.CONTROL);
        ends.add(id);
      }
    }
    // Elsewhere this is a tag of HTML.
    int closing = vocabulary.find("</s>");
    if (closing >= 0 && vocabulary.kind(closing) == TokenKind.CONTROL) {
      ends.add(closing);
    }
    for (int id :
        new int[] {eos, idAt("eot", metadata, vocabulary), idAt("eom", metadata, vocabulary)}) {
      if (id >= 0) {
        ends.add(id);
      }
    }
    return ends;
  }

  /** The id that the metadata states, else the lowest with a known text, which becomes control. */
  private static int idOf(Role role, Metadata metadata, Vocabulary vocabulary) {
    int stated = Vocabulary.NOT_FOUND;
    for (String key : role.keys) {
      stated = Math.max(stated, idAt(key, metadata, vocabulary));
    }
    if (stated >= 0) {
      return stated;
    }
    int known =
        role.texts.stream()
            .mapToInt(vocabulary::find)
            .filter(id -> id >= 0)
            .min()
            .orElse(Vocabulary.NOT_FOUND);
    if (known >= 0) {
      vocabulary.mark(known, TokenKind.CONTROL);
    }
    return known;
  }

  /** An optional id of the metadata; one that no token has counts as none. */
  private static int idAt(String name, Metadata metadata, Vocabulary vocabulary) {
    long id = metadata.integer("tokenizer.ggml." + name + "_token_id", Vocabulary.NOT_FOUND);
    return id >= 0 && id < vocabulary.size() ? (int) id : Vocabulary.NOT_FOUND;
  }

  private static List<String> concat(List<String> a, List<String> b) {
    var all = new ArrayList<String>(a);
    all.addAll(b);
    return all;
  }
}

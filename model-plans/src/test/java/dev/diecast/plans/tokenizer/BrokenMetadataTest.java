package dev.diecast.plans.tokenizer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.MetaValue;
import dev.diecast.plans.gguf.Metadata;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class BrokenMetadataTest {
  private static void refuses(Consumer<Map<String, MetaValue>> damage, String... message) {
    var values = TestVocabulary.bytePair("gpt-2").merge("a", "b").values();
    damage.accept(values);
    assertThatThrownBy(() -> Tokenizer.of(new Metadata("m.gguf", values)))
        .isInstanceOf(PlanException.class)
        .hasMessageStartingWith("m.gguf: metadata 'tokenizer.ggml.")
        .hasMessageContainingAll(message);
  }

  private static void refusesValue(String key, MetaValue value, String... message) {
    refuses(values -> values.put("tokenizer.ggml." + key, value), message);
  }

  @Test
  void missingKeys() {
    for (String key : List.of("model", "tokens", "merges")) {
      refuses(values -> values.remove("tokenizer.ggml." + key), key, "missing");
    }
  }

  @Test
  void unknownNames() {
    refusesValue("model", new MetaValue.Text("bert"), "'bert'", "gpt2 and llama");
    refusesValue("pre", new MetaValue.Text("bloom"), "'bloom'", "chatglm-bpe", "youtu");
  }

  @Test
  void valuesOfTheWrongType() {
    var number = new MetaValue.Int(MetaValue.Type.INT32, 1);
    for (String key : List.of("model", "pre", "tokens", "merges", "scores", "token_type")) {
      refusesValue(key, number, key);
    }
    refusesValue("bos_token_id", new MetaValue.Text("x"), "not an integer");
    refusesValue("add_bos_token", new MetaValue.Text("x"), "not a boolean");
  }

  @Test
  void arraysOfTheWrongLength() {
    refusesValue("tokens", new MetaValue.Texts(List.of()), "empty");
    refusesValue(
        "scores", new MetaValue.Reals(MetaValue.Type.FLOAT32, new double[3]), "3 entries", "257");
    refusesValue(
        "token_type",
        new MetaValue.Ints(MetaValue.Type.INT32, new long[300]),
        "300 entries",
        "257");
  }

  @Test
  void valuesOutOfRange() {
    long[] types = new long[257];
    types[5] = 9;
    refusesValue("token_type", new MetaValue.Ints(MetaValue.Type.INT32, types), "type 9");
    double[] scores = new double[257];
    scores[7] = Double.NaN;
    refusesValue("scores", new MetaValue.Reals(MetaValue.Type.FLOAT32, scores), "token 7");
    refusesValue("bos_token_id", new MetaValue.Int(MetaValue.Type.INT64, 257), "257", "outside");
    refusesValue("eos_token_id", new MetaValue.Int(MetaValue.Type.INT64, -1), "-1", "outside");
  }

  @Test
  void malformedMerges() {
    for (String merge : List.of("", "ab", " ", " ab", "ab ")) {
      refusesValue("merges", new MetaValue.Texts(List.of("a b", merge)), "merge 1");
    }
  }

  @Test
  void bosAskedForButNotThere() {
    refusesValue("add_bos_token", new MetaValue.Bool(true), "bos_token_id");
  }

  @Test
  void idsOutsideTheVocabulary() {
    Tokenizer tokenizer = Tokenizer.of(TestVocabulary.bytePair("gpt-2").metadata());
    for (int id : new int[] {-1, 256, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      assertThatThrownBy(() -> tokenizer.decode(new int[] {id}))
          .isInstanceOf(PlanException.class)
          .hasMessageContaining(id + " is outside the vocabulary of 256");
    }
  }
}

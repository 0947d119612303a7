package dev.diecast.replay;

import dev.diecast.plans.gguf.MetaValue;
import dev.diecast.plans.gguf.Metadata;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.gguf.TensorInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The model of {@link TinyPlan}: no tensors, and a byte-level vocabulary of printable letters. */
record TinyModel(String fingerprint, List<Long> fileBytes) implements ModelSource {
  static final int END = TinyPlan.VOCAB - 1;

  TinyModel() {
    this(TinyPlan.FINGERPRINT, List.of());
  }

  @Override
  public Metadata metadata() {
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < END; i++) {
      tokens.add(String.valueOf((char) ('@' + i)));
    }
    tokens.add("<end>");
    long[] kinds = new long[TinyPlan.VOCAB];
    Arrays.fill(kinds, 1);
    kinds[END] = 3;
    Map<String, MetaValue> values = new LinkedHashMap<>();
    values.put("tokenizer.ggml.model", new MetaValue.Text("gpt2"));
    values.put("tokenizer.ggml.pre", new MetaValue.Text("gpt-2"));
    values.put("tokenizer.ggml.tokens", new MetaValue.Texts(tokens));
    values.put("tokenizer.ggml.token_type", new MetaValue.Ints(MetaValue.Type.INT32, kinds));
    values.put("tokenizer.ggml.merges", new MetaValue.Texts(List.of()));
    values.put("tokenizer.ggml.eos_token_id", new MetaValue.Int(MetaValue.Type.UINT32, END));
    return new Metadata("tiny", values);
  }

  @Override
  public List<TensorInfo> tensors() {
    return List.of();
  }

  @Override
  public Optional<TensorInfo> tensor(String name) {
    return Optional.empty();
  }

  @Override
  public String location() {
    return "tiny.gguf";
  }
}

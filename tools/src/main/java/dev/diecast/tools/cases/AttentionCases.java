package dev.diecast.tools.cases;

import static dev.diecast.plans.gguf.TensorType.F16;
import static dev.diecast.plans.gguf.TensorType.Q4_0;
import static dev.diecast.plans.gguf.TensorType.Q8_0;

import dev.diecast.plans.gguf.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Attention with few and many heads per kv head, with a latent cache, early and late. */
final class AttentionCases {
  private AttentionCases() {}

  /**
   * Sizes of an attention layer.
   *
   * @param latent whether values are the start of the keys' rows
   */
  private record Heads(int heads, int kvHeads, int dk, int dv, boolean latent) {
    @Override
    public String toString() {
      return "%d heads, %d kv heads of %d and %d%s"
          .formatted(heads, kvHeads, dk, dv, latent ? " latent" : "");
    }

    int kRow() {
      return kvHeads * dk;
    }

    int vRow() {
      return latent ? kRow() : kvHeads * dv;
    }
  }

  /** Where in the context, and how many tokens. */
  private record Context(int position, int capacity, int tokens, int active, int splits) {
    @Override
    public String toString() {
      return "at %d of %d, %d of %d tokens, %d splits"
          .formatted(position, capacity, active, tokens, splits);
    }
  }

  private static final Heads QWEN3 = new Heads(16, 8, 128, 128, false);
  private static final Heads QWEN2 = new Heads(14, 2, 64, 64, false);
  private static final Heads LLAMA = new Heads(8, 8, 64, 64, false);
  private static final Heads GLM_FLASH = new Heads(20, 1, 576, 512, true);
  private static final Heads ODD = new Heads(6, 2, 40, 24, false);

  static void addTo(Consumer<KernelCase> all) {
    for (Heads heads : List.of(QWEN3, LLAMA, ODD)) {
      all.accept(attention(heads, new Context(0, 64, 1, 1, 4)).build());
      all.accept(attention(heads, new Context(63, 64, 1, 1, 4)).build());
    }
    all.accept(attention(ODD, new Context(199, 200, 1, 1, 1)).build());
    all.accept(attention(GLM_FLASH, new Context(199, 200, 1, 1, 1)).build());
    all.accept(attention(GLM_FLASH, new Context(40, 48, 1, 1, 3)).build());
    all.accept(attention(ODD, new Context(30, 40, 5, 3, 2)).build());
    all.accept(attention(ODD, new Context(0, 40, 3, 0, 2)).build());
    all.accept(attention(ODD, new Context(2, 40, 4, 4, 1)).build());
    all.accept(attention(QWEN3, new Context(2047, 4096, 1, 1, 16)).timed().build());
    combine(all);
    for (Heads heads : List.of(QWEN3, QWEN2, ODD)) {
      all.accept(split(heads, new Context(0, 64, 1, 1, 4), null, 0).build());
      all.accept(split(heads, new Context(63, 64, 1, 1, 4), null, 0).build());
      all.accept(split(heads, new Context(29, 64, 1, 1, 1), null, 0).build());
    }
    all.accept(split(QWEN2, new Context(199, 256, 1, 1, 8), null, 0).build());
    all.accept(split(ODD, new Context(199, 200, 1, 1, 1), null, 0).build());
    all.accept(split(ODD, new Context(30, 40, 5, 3, 2), null, 0).build());
    all.accept(split(ODD, new Context(30, 40, 3, 0, 2), null, 0).build());
    all.accept(split(GLM_FLASH, new Context(21, 32, 1, 1, 4), Q4_0, 64).build());
    all.accept(split(GLM_FLASH, new Context(0, 32, 1, 1, 4), Q8_0, 16).build());
    Heads latent = new Heads(4, 1, 80, 64, true);
    all.accept(split(latent, new Context(10, 32, 4, 3, 3), F16, 21).build());
    all.accept(split(latent, new Context(31, 32, 1, 1, 2), Q8_0, 1).build());
    all.accept(split(latent, new Context(10, 32, 1, 1, 2), null, 0).build());
    all.accept(split(QWEN3, new Context(2047, 4096, 1, 1, 16), null, 0).timed().build());
    all.accept(split(GLM_FLASH, new Context(2047, 4096, 1, 1, 16), Q8_0, 256).timed().build());
  }

  private static CaseBuilder cached(String kernel, Heads h, Context c, String more) {
    CaseBuilder builder =
        CaseBuilder.of(kernel, h + ", " + c + more)
            .floats("q", (long) c.tokens() * h.heads() * h.dk())
            .halves("k", (long) c.capacity() * h.kRow())
            .results("partial", (long) c.tokens() * h.heads() * c.splits() * (2 + h.dv()))
            .tokens(c.tokens(), c.active())
            .position(c.position())
            .arg("heads", h.heads())
            .arg("kv_heads", h.kvHeads())
            .arg("dk", h.dk())
            .arg("dv", h.dv())
            .arg("q_stride", h.heads() * h.dk())
            .arg("q_head_stride", h.dk())
            .arg("k_row_stride", h.kRow())
            .arg("k_head_stride", h.dk())
            .arg("v_row_stride", h.vRow())
            .arg("v_head_stride", h.latent() ? h.dk() : h.dv())
            .arg("splits", c.splits())
            .arg("capacity", c.capacity())
            .arg("scale", (float) (1 / Math.sqrt(h.dk())));
    return h.latent()
        ? builder.same("v", "k")
        : builder.halves("v", (long) c.capacity() * h.vRow());
  }

  private static CaseBuilder attention(Heads h, Context c) {
    return cached("attention", h, c, "");
  }

  private static CaseBuilder split(Heads h, Context c, @Nullable TensorType value, int valueRows) {
    String more =
        value == null ? "" : ", values through %d %s".formatted(valueRows, value.suffix());
    int out = value == null ? h.dv() : valueRows;
    CaseBuilder builder =
        cached("split_attention", h, c, more)
            .content("tickets", new Content.Zeros(8L * c.tokens() * h.kvHeads()))
            .results("y", (long) c.tokens() * h.heads() * out)
            .arg("y_stride", h.heads() * out)
            .arg("y_head_stride", out);
    if (value != null) {
      builder
          .weights("value", value, (long) h.heads() * valueRows, h.dv())
          .arg("value_rows", valueRows)
          .arg("row_bytes", value.rowBytes(h.dv()))
          .arg("head_bytes", valueRows * value.rowBytes(h.dv()));
    }
    return builder;
  }

  private static void combine(Consumer<KernelCase> all) {
    all.accept(combine(16, 128, 8, 1, 1));
    all.accept(combine(1, 1, 1, 1, 1));
    all.accept(combine(3, 24, 5, 4, 3));
    all.accept(combine(2, 512, 16, 1, 1));
    all.accept(combine(2, 40, 3, 2, 0));
  }

  /** Every third split is empty, but for the first. */
  private static KernelCase combine(int heads, int dv, int splits, int tokens, int active) {
    List<Float> partial = new ArrayList<>();
    for (int i = 0; i < tokens * heads * splits; i++) {
      boolean empty = i % splits % 3 == 2;
      partial.add(empty ? Float.NEGATIVE_INFINITY : (float) (3 * Math.sin(i)));
      partial.add(empty ? 0f : 1.5f + (float) Math.cos(i));
      for (int j = 0; j < dv; j++) {
        partial.add(empty ? Float.NaN : (float) Math.sin(i * 7.0 + j));
      }
    }
    String name =
        "%d heads of %d, %d splits, %d of %d tokens".formatted(heads, dv, splits, active, tokens);
    return CaseBuilder.of("attention_combine", name)
        .content("partial", new Content.GivenFloats(partial))
        .results("y", (long) tokens * heads * dv)
        .tokens(tokens, active)
        .arg("heads", heads)
        .arg("dv", dv)
        .arg("splits", splits)
        .arg("y_stride", heads * dv)
        .arg("y_head_stride", dv)
        .build();
  }
}

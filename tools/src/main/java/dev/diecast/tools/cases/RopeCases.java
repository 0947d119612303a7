package dev.diecast.tools.cases;

import static dev.diecast.plans.gguf.TensorType.F16;
import static dev.diecast.plans.gguf.TensorType.Q4_0;
import static dev.diecast.plans.gguf.TensorType.Q4_K;
import static dev.diecast.plans.gguf.TensorType.Q8_0;

import dev.diecast.plans.gguf.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Rotations, and what goes with them into the KV cache. */
final class RopeCases {
  private static final float EPS = 1e-6f;

  private RopeCases() {}

  static void addTo(Consumer<KernelCase> all) {
    angles(all);
    rope(all);
    kvWrite(all);
    headsPrepare(all);
    latentPrepare(all);
  }

  private static void angles(Consumer<KernelCase> all) {
    all.accept(angles(128, 1e6, 0, 1, 1, 1));
    all.accept(angles(64, 1e4, 131_071, 1, 1, 1));
    all.accept(angles(64, 5e5, 32_767, 5, 3, 1.25f));
    all.accept(angles(2, 1e4, 4095, 1, 1, 1));
    all.accept(angles(20, 1e4, 77, 3, 0, 1));
  }

  private static KernelCase angles(
      int rot, double base, int position, int tokens, int active, float magnitude) {
    String name =
        "%d values, base %.0f, position %d, %d of %d tokens"
            .formatted(rot, base, position, active, tokens);
    List<Double> frequencies =
        IntStream.range(0, rot / 2).mapToObj(i -> Math.pow(base, -2.0 * i / rot)).toList();
    return CaseBuilder.of("rope_angles", name)
        .content("inv_freq", new Content.Doubles(frequencies))
        .results("y", (long) tokens * rot)
        .tokens(tokens, active)
        .position(position)
        .arg("n_rot", rot)
        .arg("magnitude", magnitude)
        .build();
  }

  /** Cosines and sines of angles all round the circle. */
  private static Content turns(int tokens, int rot) {
    List<Float> values = new ArrayList<>();
    for (int i = 0; i < tokens * rot / 2; i++) {
      values.add((float) Math.cos(0.7 * i + 0.1));
      values.add((float) Math.sin(0.7 * i + 0.1));
    }
    return new Content.GivenFloats(values);
  }

  private static void rope(Consumer<KernelCase> all) {
    for (int neox : List.of(0, 1)) {
      all.accept(rope(16, 128, 128, neox, 1, 1, false));
      all.accept(rope(1, 2, 2, neox, 1, 1, false));
      all.accept(rope(3, 80, 20, neox, 4, 3, false));
      all.accept(rope(5, 64, 64, neox, 2, 2, true));
      all.accept(rope(2, 64, 64, neox, 2, 0, false));
    }
  }

  private static KernelCase rope(
      int heads, int n, int rot, int neox, int tokens, int active, boolean inPlace) {
    int head = n + (tokens == 1 || inPlace ? 0 : 4);
    String name =
        "%d heads, %d of %d values, neox %d, %d of %d tokens%s"
            .formatted(heads, rot, n, neox, active, tokens, inPlace ? ", in place" : "");
    CaseBuilder builder =
        CaseBuilder.of("rope", name)
            .content("angles", turns(tokens, rot))
            .tokens(tokens, active)
            .arg("heads", heads)
            .arg("n", n)
            .arg("n_rot", rot)
            .arg("neox", neox)
            .arg("x_stride", heads * head)
            .arg("x_head_stride", head)
            .arg("y_stride", heads * n)
            .arg("y_head_stride", n);
    return inPlace
        ? builder.floats("y", (long) tokens * heads * n).same("x", "y").build()
        : builder
            .floats("x", (long) tokens * heads * head)
            .results("y", (long) tokens * heads * n)
            .build();
  }

  private static void kvWrite(Consumer<KernelCase> all) {
    all.accept(kvWrite(512, 512, 0, 4, 1, 1));
    all.accept(kvWrite(576, 576, 3, 4, 1, 1));
    all.accept(kvWrite(33, 40, 2, 8, 5, 3));
    all.accept(kvWrite(1, 1, 0, 1, 1, 1));
    all.accept(kvWrite(64, 64, 4, 6, 2, 2));
    all.accept(kvWrite(64, 64, 4, 6, 2, 0));
  }

  private static KernelCase kvWrite(
      int n, int rowStride, int position, int capacity, int tokens, int active) {
    String name =
        "%d values at %d of %d, %d of %d tokens".formatted(n, position, capacity, active, tokens);
    return CaseBuilder.of("kv_write", name)
        .floats("x", (long) tokens * (n + 4))
        .halves("cache", (long) capacity * rowStride)
        .tokens(tokens, active)
        .position(position)
        .arg("n", n)
        .arg("x_stride", n + 4)
        .arg("row_stride", rowStride)
        .arg("capacity", capacity)
        .build();
  }

  private static void headsPrepare(Consumer<KernelCase> all) {
    all.accept(prepare(new Heads(16, 8, 128, 128, 128, 1), 5, 8, 1, 1, true));
    all.accept(prepare(new Heads(14, 2, 64, 64, 64, 1), 0, 4, 1, 1, false));
    all.accept(prepare(new Heads(4, 4, 64, 64, 64, 0), 7, 8, 1, 1, false));
    all.accept(prepare(new Heads(3, 1, 80, 48, 20, 1), 2, 9, 5, 3, true));
    all.accept(prepare(new Heads(2, 2, 40, 40, 40, 0), 0, 6, 6, 6, true));
    all.accept(prepare(new Heads(2, 1, 32, 32, 32, 1), 3, 6, 2, 0, true));
    all.accept(prepare(new Heads(1, 1, 2, 1, 2, 0), 0, 1, 1, 1, false));
  }

  /** Sizes of an attention layer. */
  private record Heads(int heads, int kvHeads, int dk, int dv, int rot, int neox) {
    @Override
    public String toString() {
      return "%d heads, %d kv heads of %d and %d, %d turned, neox %d"
          .formatted(heads, kvHeads, dk, dv, rot, neox);
    }
  }

  private static KernelCase prepare(
      Heads h, int position, int capacity, int tokens, int active, boolean norms) {
    String name =
        "%s, at %d of %d, %d of %d tokens%s"
            .formatted(h, position, capacity, active, tokens, norms ? ", normed" : "");
    int kRow = h.kvHeads() * h.dk();
    int vRow = h.kvHeads() * h.dv() + 8;
    CaseBuilder builder =
        CaseBuilder.of("heads_prepare", name)
            .floats("q", (long) tokens * h.heads() * h.dk())
            .floats("k", (long) tokens * kRow)
            .floats("v", (long) tokens * h.kvHeads() * h.dv())
            .content("angles", turns(tokens, h.rot()))
            .results("y", (long) tokens * h.heads() * h.dk())
            .halves("k_cache", (long) capacity * kRow)
            .halves("v_cache", (long) capacity * vRow)
            .tokens(tokens, active)
            .position(position)
            .arg("heads", h.heads())
            .arg("kv_heads", h.kvHeads())
            .arg("dk", h.dk())
            .arg("dv", h.dv())
            .arg("n_rot", h.rot())
            .arg("neox", h.neox())
            .arg("q_stride", h.heads() * h.dk())
            .arg("q_head_stride", h.dk())
            .arg("k_stride", kRow)
            .arg("k_head_stride", h.dk())
            .arg("v_stride", h.kvHeads() * h.dv())
            .arg("v_head_stride", h.dv())
            .arg("y_stride", h.heads() * h.dk())
            .arg("y_head_stride", h.dk())
            .arg("k_row_stride", kRow)
            .arg("v_row_stride", vRow)
            .arg("capacity", capacity)
            .arg("eps", EPS);
    if (norms) {
      builder.norm("q_norm", h.dk()).norm("k_norm", h.dk());
    }
    return builder.build();
  }

  private static void latentPrepare(Consumer<KernelCase> all) {
    all.accept(latent(new Latent(3, 192, 64, 512, false), Q8_0, 5, 8, 1, 1));
    all.accept(latent(new Latent(2, 128, 64, 512, true), Q4_0, 0, 4, 1, 1));
    all.accept(latent(new Latent(2, 192, 64, 512, true), Q4_K, 3, 4, 1, 1));
    all.accept(latent(new Latent(2, 64, 32, 96, false), F16, 2, 9, 5, 3));
    all.accept(latent(new Latent(3, 32, 8, 64, true), Q8_0, 2, 9, 5, 5));
    all.accept(latent(new Latent(1, 32, 2, 32, false), Q4_0, 0, 3, 2, 0));
  }

  /** Sizes of a layer with latent attention. */
  private record Latent(int heads, int nope, int rot, int latent, boolean transposed) {
    @Override
    public String toString() {
      return "%d heads of %d + %d, %d latent%s"
          .formatted(heads, nope, rot, latent, transposed ? ", transposed" : "");
    }
  }

  private static KernelCase latent(
      Latent l, TensorType type, int position, int capacity, int tokens, int active) {
    String name =
        "%s, %s, at %d of %d, %d of %d tokens"
            .formatted(l, type.suffix(), position, capacity, active, tokens);
    int width = l.latent() + l.rot();
    int rows = l.transposed() ? l.nope() : l.latent();
    int cols = l.transposed() ? l.latent() : l.nope();
    int q = l.nope() + l.rot();
    return CaseBuilder.of("latent_prepare", name)
        .floats("q", (long) tokens * l.heads() * q)
        .floats("kv", (long) tokens * width)
        .norm("norm", l.latent())
        .content("angles", turns(tokens, l.rot()))
        .weights("w", type, (long) l.heads() * rows, cols)
        .results("y", (long) tokens * l.heads() * width)
        .halves("cache", (long) capacity * width)
        .tokens(tokens, active)
        .position(position)
        .constant("transposed", l.transposed() ? 1 : 0)
        .arg("heads", l.heads())
        .arg("nope", l.nope())
        .arg("n_rot", l.rot())
        .arg("latent", l.latent())
        .arg("neox", 0)
        .arg("q_stride", l.heads() * q)
        .arg("q_head_stride", q)
        .arg("kv_stride", width)
        .arg("y_stride", l.heads() * width)
        .arg("y_head_stride", width)
        .arg("row_stride", width)
        .arg("capacity", capacity)
        .arg("row_bytes", type.rowBytes(cols))
        .arg("head_bytes", rows * type.rowBytes(cols))
        .arg("eps", EPS)
        .build();
  }
}

package dev.diecast.plans.verify;

import static dev.diecast.plans.verify.Span.cache;
import static dev.diecast.plans.verify.Span.floats;
import static dev.diecast.plans.verify.Span.rows;

import dev.diecast.kernels.KernelCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What each kernel touches of its slots, but for matrices ({@link MatrixCheck}), the step state and
 * tickets ({@link BindingCheck}). Written from the contracts' meanings, apart from any device.
 */
final class KernelSpans {
  private static final Map<String, List<Span>> BY_KERNEL =
      Map.ofEntries(
          Map.entry("embed", List.of(ids("tokens", "1"), rows("y", "cols"))),
          Map.entry(
              "gemv",
              List.of(
                  rows("x", "cols"),
                  rows("y", "rows"),
                  floats("bias", "rows"),
                  rows("residual", "rows"))),
          Map.entry("head_gemv", List.of(heads("x", "cols"), heads("y", "rows"))),
          Map.entry("head_gemv_t", List.of(heads("x", "rows"), heads("y", "cols"))),
          Map.entry(
              "expert_gemv", List.of(ids("ids", "n_used"), slots("x", "cols"), slots("y", "rows"))),
          Map.entry("rms_norm", List.of(heads("x", "n"), floats("w", "n"), heads("y", "n"))),
          Map.entry(
              "silu_mul",
              List.of(
                  slots("gate", "n", "n_slots"),
                  slots("up", "n", "n_slots"),
                  slots("y", "n", "n_slots"))),
          Map.entry("add", List.of(rows("a", "n"), rows("b", "n"), rows("y", "n"))),
          Map.entry("add_bias", List.of(rows("x", "n"), floats("bias", "n"), rows("y", "n"))),
          Map.entry(
              "rope_angles", List.of(floats("inv_freq", "n_rot"), angles("y"))), // n_rot/2 float64
          Map.entry("rope", List.of(heads("x", "n"), angles("angles"), heads("y", "n"))),
          Map.entry("kv_write", List.of(rows("x", "n"), cache("cache", "n", "row_stride"))),
          Map.entry("attention", with(attention(), partial())),
          Map.entry("attention_combine", List.of(partial(), heads("y", "dv"))),
          Map.entry(
              "route",
              List.of(
                  rows("logits", "n_expert"),
                  rows("ids", "n_used"),
                  rows("weights", "n_used"),
                  floats("bias", "n_expert"))),
          Map.entry(
              "expert_combine",
              List.of(
                  slots("x", "n"),
                  rows("weights", "n_used"),
                  rows("y", "n"),
                  rows("residual", "n"),
                  rows("shared", "n"))),
          Map.entry(
              "sample",
              List.of(
                  floats("logits", "n_vocab"),
                  ids("tokens", "1"),
                  floats("scratch", "n_vocab + n_vocab"))),
          Map.entry("advance", List.of(floats("ring", "ring_size"))),
          Map.entry("linears", linears()),
          Map.entry(
              "expert_gate_up",
              List.of(
                  ids("ids", "n_used"),
                  rows("x", "cols"),
                  floats("norm", "cols"),
                  slots("y", "rows"))),
          Map.entry(
              "expert_down",
              List.of(
                  ids("ids", "n_used"),
                  rows("weights", "n_used"),
                  slots("x", "cols"),
                  rows("y", "rows"),
                  rows("shared_x", "shared_cols"),
                  rows("residual", "rows"))),
          Map.entry("heads_prepare", headsPrepare()),
          Map.entry("latent_prepare", latentPrepare()),
          // Either the joined values come out, or the products with them.
          Map.entry("split_attention", with(attention(), partial(), heads("y", "dv"))),
          Map.entry(
              "split_attention value", with(attention(), partial(), heads("y", "value_rows"))));

  private KernelSpans() {}

  /** The spans of a call's kernel. */
  static List<Span> of(Call call) {
    String name = call.contract().name();
    boolean joins = name.equals("split_attention") && call.bound("value") != null;
    return BY_KERNEL.getOrDefault(joins ? name + " value" : family(name), List.of());
  }

  /** The spans of a kernel with all that it may bind. */
  static List<Span> of(String kernel) {
    return BY_KERNEL.getOrDefault(family(kernel), List.of());
  }

  /** The name without the type of its weights. */
  private static String family(String kernel) {
    return KernelCatalog.WEIGHT_TYPES.stream()
        .filter(type -> kernel.endsWith("_" + type))
        .map(type -> kernel.substring(0, kernel.length() - type.length() - 1))
        .findFirst()
        .orElse(kernel);
  }

  private static Span heads(String slot, String width) {
    return heads(slot, width, "heads");
  }

  private static Span heads(String slot, String width, String count) {
    return rows(slot, width).by(count, slot + "_head_stride");
  }

  private static Span slots(String slot, String width) {
    return slots(slot, width, "n_used");
  }

  private static Span slots(String slot, String width, String count) {
    return rows(slot, width).by(count, slot + "_slot_stride");
  }

  /** That many int32 for each token, packed. */
  private static Span ids(String slot, String each) {
    return floats(slot, each).packed("n_tokens");
  }

  /** The cos and sin of each pair for each token, packed. */
  private static Span angles(String slot) {
    return floats(slot, "n_rot").packed("n_tokens");
  }

  private static Span partial() {
    return floats("partial", "dv + 2").packed("splits", "heads", "n_tokens");
  }

  private static List<Span> attention() {
    return List.of(
        heads("q", "dk"),
        cache("k", "dk", "k_row_stride").by("kv_heads", "k_head_stride"),
        cache("v", "dv", "v_row_stride").by("kv_heads", "v_head_stride"));
  }

  private static List<Span> linears() {
    List<Span> spans = new ArrayList<>(List.of(rows("x", "cols"), floats("norm", "cols")));
    for (int i = 0; i < KernelCatalog.LINEAR_SEGMENTS; i++) {
      spans.add(floats("bias_" + i, "rows_" + i));
      spans.add(rows("residual_" + i, "rows_" + i));
      spans.add(rows("y_" + i, "rows_" + i));
    }
    return List.copyOf(spans);
  }

  private static List<Span> headsPrepare() {
    return List.of(
        heads("q", "dk"),
        heads("k", "dk", "kv_heads"),
        heads("v", "dv", "kv_heads"),
        floats("q_norm", "dk"),
        floats("k_norm", "dk"),
        angles("angles"),
        heads("y", "dk"),
        cache("k_cache", "dk", "k_row_stride").by("kv_heads", "dk"),
        cache("v_cache", "dv", "v_row_stride").by("kv_heads", "dv"));
  }

  private static List<Span> latentPrepare() {
    return List.of(
        heads("q", "nope + n_rot"),
        rows("kv", "latent + n_rot"),
        floats("norm", "latent"),
        angles("angles"),
        heads("y", "latent + n_rot"),
        cache("cache", "latent + n_rot", "row_stride"));
  }

  private static List<Span> with(List<Span> spans, Span... more) {
    List<Span> all = new ArrayList<>(spans);
    all.addAll(List.of(more));
    return List.copyOf(all);
  }
}

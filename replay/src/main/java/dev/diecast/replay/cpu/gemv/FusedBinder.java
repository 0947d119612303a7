package dev.diecast.replay.cpu.gemv;

import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.TypeConstant;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.cpu.Bindings;
import dev.diecast.replay.cpu.BoundKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds the kernels that may hold weights of several types, each a function constant. */
final class FusedBinder {
  private final Map<TensorType, WeightFormat> formats;
  private final Bindings bindings;
  private final Arguments args;

  FusedBinder(String kernel, Map<TensorType, WeightFormat> formats, Bindings bindings) {
    this.formats = formats;
    this.bindings = bindings;
    this.args = new Arguments(kernel, bindings);
  }

  BoundKernel linears() {
    StepTokens tokens = args.tokens(bindings.args().i32("last_only") == 1);
    Vectors x = normed(tokens);
    List<Segment> segments = new ArrayList<>();
    for (int i = 0; i < KernelCatalog.LINEAR_SEGMENTS; i++) {
      WeightFormat format = format("w_" + i);
      if (format != null) {
        segments.add(segment(i, format, tokens));
      } else {
        refuse("w_" + i + " is not", i, "up_", "bias_", "residual_", "y_");
      }
    }
    return new Gemv(x, new HeadGrouping(1, tokens.most()), tokens, segments);
  }

  private Segment segment(int i, WeightFormat format, StepTokens tokens) {
    Weights w = args.weights(format, "w_" + i, "rows_" + i, "cols", "w_" + i + "_row_bytes");
    int rows = w.matrix().rows();
    long yToken = args.stride("y_" + i + "_stride");
    long y = args.vectors("y_" + i, rows, tokens.most(), yToken);
    WeightFormat upFormat = format("up_" + i);
    if (upFormat != null) {
      refuse("up_" + i + " is too", i, "bias_", "residual_");
      Weights up = args.weights(upFormat, "up_" + i, "rows_" + i, "cols", "up_" + i + "_row_bytes");
      return new Segment(w, up, Results.plain(y, yToken, 0, tokens));
    }
    long bias = args.vectorIfBound("bias_" + i, rows);
    long residualToken = args.stride("residual_" + i + "_stride");
    long residual = residual("residual_" + i, rows, residualToken, tokens);
    Results results = new Results(y, yToken, 0, bias, residual, residualToken, tokens);
    return new Segment(w, null, results);
  }

  BoundKernel expertGateUp() {
    StepTokens tokens = args.tokens();
    int experts = args.positive("n_expert");
    int used = args.positive("n_used");
    Vectors x = normed(tokens);
    Weights gate =
        args.experts(bound("gate"), "gate", experts, "gate_row_bytes", "gate_expert_bytes");
    Weights up = args.experts(bound("up"), "up", experts, "up_row_bytes", "up_expert_bytes");
    long yToken = args.stride("y_stride");
    long ySlot = args.stride("y_slot_stride");
    long y = args.vectors("y", gate.matrix().rows(), used, ySlot, tokens.max(), yToken);
    Segment segment = new Segment(gate, up, Results.plain(y, yToken, ySlot, tokens));
    return new Gemv(x, args.chosen(experts, used, tokens), tokens, List.of(segment));
  }

  BoundKernel expertDown() {
    StepTokens tokens = args.tokens();
    int n = tokens.max();
    int experts = args.positive("n_expert");
    int used = args.positive("n_used");
    Weights w = args.experts(bound("w"), "w", experts, "w_row_bytes", "w_expert_bytes");
    int rows = w.matrix().rows();
    int cols = w.matrix().cols();
    long xToken = args.stride("x_stride");
    long xSlot = args.stride("x_slot_stride");
    long x = args.vectors("x", cols, used, xSlot, n, xToken);
    long weightsToken = args.stride("weights_stride");
    long yToken = args.stride("y_stride");
    long residualToken = args.stride("residual_stride");
    Results results =
        new Results(
            args.vectors("y", rows, n, yToken),
            yToken,
            0,
            0,
            residual("residual", rows, residualToken, tokens),
            residualToken,
            tokens);
    return new WeightedSum(
        new WeightedSum.Experts(
            w,
            Vectors.plain(x, xToken, xSlot, cols, tokens),
            args.chosen(experts, used, tokens),
            args.vectors("weights", used, n, weightsToken),
            weightsToken),
        shared(tokens),
        results,
        tokens);
  }

  private WeightedSum.@Nullable Shared shared(StepTokens tokens) {
    WeightFormat format = format("shared");
    if (format == null) {
      if (args.bound("shared_x")) {
        throw new PlanException(args.kernel() + ": shared_x is bound, but shared is not");
      }
      return null;
    }
    Weights w = args.weights(format, "shared", "rows", "shared_cols", "shared_row_bytes");
    int cols = w.matrix().cols();
    long xToken = args.stride("shared_x_stride");
    long x = args.vectors("shared_x", cols, tokens.max(), xToken);
    return new WeightedSum.Shared(w, Vectors.plain(x, xToken, 0, cols, tokens));
  }

  private Vectors normed(StepTokens tokens) {
    int cols = args.positive("cols");
    long xToken = args.stride("x_stride");
    long x = args.vectors("x", cols, tokens.max(), xToken);
    long norm = args.vectorIfBound("norm", cols);
    return new Vectors(x, xToken, 0, cols, tokens, norm, bindings.args().f32("eps"), 0);
  }

  private long residual(String slot, int rows, long tokenBytes, StepTokens tokens) {
    return args.bound(slot) ? args.vectors(slot, rows, tokens.max(), tokenBytes) : 0;
  }

  private WeightFormat bound(String slot) {
    WeightFormat format = format(slot);
    if (format == null) {
      throw args.bad(TypeConstant.of(slot), TypeConstant.UNBOUND, "but the weights must be bound");
    }
    return format;
  }

  /** The bodies for the weights of a slot; null when it is not bound. */
  private @Nullable WeightFormat format(String slot) {
    String constant = TypeConstant.of(slot);
    long id = bindings.constant(constant);
    if (args.bound(slot) != (id != TypeConstant.UNBOUND)) {
      throw args.bad(constant, id, "but the slot is " + (args.bound(slot) ? "" : "not ") + "bound");
    }
    if (id == TypeConstant.UNBOUND) {
      return null;
    }
    WeightFormat format =
        id == (int) id ? TensorType.ofId((int) id).map(formats::get).orElse(null) : null;
    if (format == null) {
      throw args.bad(constant, id, "no type that the kernels read");
    }
    return format;
  }

  private void refuse(String why, int segment, String... slots) {
    for (String slot : slots) {
      if (args.bound(slot + segment)) {
        throw new PlanException(args.kernel() + ": " + slot + segment + " is bound, " + why);
      }
    }
  }
}

package dev.diecast.capture.graph;

import dev.diecast.kernels.KernelCatalog;
import dev.diecast.plans.gguf.TensorInfo;
import java.util.List;

/**
 * Operations that passes put in the place of several primitives, because one kernel computes them.
 * A trace never holds one.
 */
public sealed interface FusedOp extends Op {
  /** Labels of the traced operations that it computes, in trace order. */
  List<String> sources();

  /** silu(a) * b. Inputs: a and b, of one shape. */
  record SiluMul(List<String> sources) implements FusedOp {
    /** A gate activation with its own copy of the sources. */
    public SiluMul {
      sources = List.copyOf(sources);
    }
  }

  /** {@link Op.RmsNorm} of the step's last active token alone. What follows runs once per step. */
  record LastRmsNorm(TensorInfo weight, double eps, List<String> sources) implements FusedOp {
    /** A norm with its own copy of the sources. */
    public LastRmsNorm {
      sources = List.copyOf(sources);
    }
  }

  /**
   * {@link Op.Linear} with sums. Inputs: x, then the residual if there is one.
   *
   * @param bias added to the product; one element or none
   * @param residual whether the second input is added as well
   */
  record LinearSum(TensorInfo weight, List<TensorInfo> bias, boolean residual, List<String> sources)
      implements FusedOp {
    /** A linear with its own copies of the lists. */
    public LinearSum {
      bias = List.copyOf(bias);
      sources = List.copyOf(sources);
    }
  }

  /**
   * {@link Op.ExpertCombine} with sums. Inputs: x, weights, then the residual, then the shared
   * experts' output, as far as there are any.
   */
  record ExpertSum(boolean residual, boolean shared, List<String> sources) implements FusedOp {
    /** A combination with its own copy of the sources. */
    public ExpertSum {
      sources = List.copyOf(sources);
    }
  }

  /** Every larger fusion: it states the operations that it stands for as they were. */
  sealed interface Group extends FusedOp
      permits Linears, ExpertGateUp, ExpertDown, HeadsPrepare, LatentPrepare, SplitAttention {
    /**
     * The nodes that it stands for, in an order in which each follows its operands. They read the
     * fused node's inputs and each other, and produce its outputs.
     */
    List<Node> body();

    @Override
    default List<String> sources() {
      return body().stream().flatMap(node -> node.sources().stream()).toList();
    }
  }

  /** An RMSNorm that a kernel applies to what it reads. */
  record Norm(TensorInfo weight, double eps) {}

  /**
   * One matrix of {@link Linears}: w x (+ bias) (+ residual), or silu(w x) * (up x).
   *
   * @param up one element or none; with it there is neither bias nor residual
   * @param bias one element or none
   */
  record Segment(TensorInfo weight, List<TensorInfo> up, List<TensorInfo> bias, boolean residual) {
    /** A segment with its own copies of the lists. */
    public Segment {
      up = List.copyOf(up);
      bias = List.copyOf(bias);
    }
  }

  /**
   * Up to {@link #MOST} linears of one operand, normed first or not. Inputs: x, then the residuals
   * of the segments that have one, in order. Outputs: one per segment.
   *
   * @param norm one element or none
   * @param lastOnly whether only the step's last active token is computed; what follows runs once
   *     per step
   */
  record Linears(List<Segment> segments, List<Norm> norm, boolean lastOnly, List<Node> body)
      implements Group {
    /** Segments that a kernel takes. */
    public static final int MOST = KernelCatalog.LINEAR_SEGMENTS;

    /** Linears with their own copies of the lists. */
    public Linears {
      segments = List.copyOf(segments);
      norm = List.copyOf(norm);
      body = List.copyOf(body);
    }
  }

  /**
   * silu(gate x) * (up x) per chosen expert. Inputs: x (1 row) and ids. Output: used x rows.
   *
   * @param norm one element or none: applied to x first
   */
  record ExpertGateUp(Op.ExpertLinear gate, Op.ExpertLinear up, List<Norm> norm, List<Node> body)
      implements Group {
    /** Experts with their own copies of the lists. */
    public ExpertGateUp {
      norm = List.copyOf(norm);
      body = List.copyOf(body);
    }
  }

  /**
   * The chosen experts' down projections, weighted and summed, plus the shared experts' and the
   * residual. Inputs: x (one row per slot), ids, weights, then the shared experts' activations if
   * {@code shared} is not empty, then the residual if there is one. Output: 1 x d.
   *
   * @param shared the shared experts' down projection; one element or none
   */
  record ExpertDown(
      Op.ExpertLinear down, List<TensorInfo> shared, boolean residual, List<Node> body)
      implements Group {
    /** Experts with their own copies of the lists. */
    public ExpertDown {
      shared = List.copyOf(shared);
      body = List.copyOf(body);
    }
  }

  /**
   * What grouped-query attention does to its operands: norms the heads of q and k, rotates them,
   * and remembers k and v. Inputs: q, k, v (heads x length each) and angles. Output: q.
   *
   * @param qNorm one element or none
   * @param kNorm one element or none; eps is that of qNorm where both are there
   */
  record HeadsPrepare(
      List<Norm> qNorm, List<Norm> kNorm, Op.Rope rope, CacheRef k, CacheRef v, List<Node> body)
      implements Group {
    /** A preparation with its own copies of the lists. */
    public HeadsPrepare {
      qNorm = List.copyOf(qNorm);
      kNorm = List.copyOf(kNorm);
      body = List.copyOf(body);
    }
  }

  /**
   * What latent attention does to its operands: takes the first columns of each query head into the
   * latent space, rotates the others, and remembers [normed latent | rotated key]. Inputs: q (heads
   * x (nope + rope)), kv (1 x (latent + rope)) and angles. Output: heads x (latent + rope).
   */
  record LatentPrepare(
      Op.HeadLinear absorb, Norm norm, Op.Rope rope, CacheRef cache, List<Node> body)
      implements Group {
    /** A preparation with its own copy of the body. */
    public LatentPrepare {
      body = List.copyOf(body);
    }
  }

  /**
   * Attention that joins its own splits, and then maybe takes each head's result through a matrix.
   * Input: q. Output: heads x dv, or heads x rows of the matrix.
   *
   * @param value one element or none; not transposed
   */
  record SplitAttention(Op.Attention attention, List<Op.HeadLinear> value, List<Node> body)
      implements Group {
    /** An attention with its own copies of the lists. */
    public SplitAttention {
      value = List.copyOf(value);
      body = List.copyOf(body);
    }
  }
}

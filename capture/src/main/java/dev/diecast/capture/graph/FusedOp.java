package dev.diecast.capture.graph;

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
}

package dev.diecast.capture.graph;

import dev.diecast.plans.gguf.TensorInfo;
import java.util.List;

/**
 * The operations of a graph. Those here are the primitives of a trace; passes add {@link FusedOp}s.
 * Each says what it computes for one token, from its inputs in {@link Node#inputs()}; {@code x} is
 * the first input.
 */
public sealed interface Op
    permits Op.Embed,
        Op.RmsNorm,
        Op.Linear,
        Op.AddBias,
        Op.HeadLinear,
        Op.Add,
        Op.Mul,
        Op.Silu,
        Op.Reshape,
        Op.Slice,
        Op.Concat,
        Op.RopeAngles,
        Op.Rope,
        Op.KvWrite,
        Op.Attention,
        Op.Route,
        Op.ExpertLinear,
        Op.ExpertCombine,
        Op.LastToken,
        Op.Sample,
        FusedOp {
  /** Row {@code token} of the table: no inputs, 1 x d. */
  record Embed(TensorInfo table) implements Op {}

  /**
   * Each row of x divided by its root mean square (plus eps under the root), times the weight of
   * the same width.
   */
  record RmsNorm(TensorInfo weight, double eps) implements Op {}

  /** w x for each row of x; w is GGUF [in, out]. */
  record Linear(TensorInfo weight) implements Op {}

  /** x plus a vector of the same width. */
  record AddBias(TensorInfo bias) implements Op {}

  /**
   * A matrix per row (head) of x. Stored per head as {@code rows} x {@code cols}, row {@code
   * firstRow} on, of the {@code rowsPerHead} rows that the tensor keeps per head. Plain: y[h] =
   * w[h] x[h]. Transposed: y[h] = w[h]^T x[h].
   */
  record HeadLinear(
      TensorInfo weight, int rowsPerHead, int firstRow, int rows, int cols, boolean transposed)
      implements Op {}

  /** a + b. */
  record Add() implements Op {}

  /** a * b, element by element. */
  record Mul() implements Op {}

  /** x * sigmoid(x). */
  record Silu() implements Op {}

  /** The same elements as rows x width. */
  record Reshape(int rows, int width) implements Op {}

  /** Columns from (inclusive) to (exclusive) of each row. */
  record Slice(int from, int to) implements Op {}

  /** The columns of the first input followed by those of the second, row by row. */
  record Concat() implements Op {}

  /**
   * cos and sin, interleaved, of {@code position * inverseFrequency[i]}, times the magnitude: no
   * inputs, 1 x 2n for n frequencies.
   */
  record RopeAngles(List<Double> inverseFrequencies, double magnitude) implements Op {
    /** Angles with their own copy of the frequencies. */
    public RopeAngles {
      inverseFrequencies = List.copyOf(inverseFrequencies);
    }
  }

  /**
   * Rotates the first {@code nRot} columns of each row of x by the angles of the second input:
   * pairs (2i, 2i+1), or (i, i + nRot/2) when neox. The other columns pass through.
   */
  record Rope(int nRot, boolean neox) implements Op {}

  /**
   * Appends x (all rows, flattened) to the cache as the row of this token's position. No output.
   */
  record KvWrite(CacheRef cache) implements Op {}

  /**
   * softmax(scale * q . k) v over all positions up to this token's, per head (row of q). Head h
   * reads kv head h / (heads / kvHeads): columns kvHead * dk on of the k cache and kvHead * dv on
   * of the v cache. For MLA the v cache is the k cache, and its first dv columns are v. Input: q,
   * heads x dk. Output: heads x dv.
   */
  record Attention(CacheRef k, CacheRef v, int kvHeads, int dk, int dv, double scale)
      implements Op {}

  /**
   * Chooses experts from logits (1 x nExpert). Two outputs: ids and weights, both 1 x used.
   *
   * @param bias added to the probabilities for the choice only; one element list or empty
   */
  record Route(int used, Gating gating, boolean normalise, double scale, List<TensorInfo> bias)
      implements Op {
    /** A routing with its own copy of the bias. */
    public Route {
      bias = List.copyOf(bias);
    }
  }

  /** How routing logits become probabilities. */
  enum Gating {
    SOFTMAX,
    SIGMOID
  }

  /**
   * One matrix per chosen expert, by pointer offset. Inputs: x (1 row, shared by the slots, or one
   * row per slot) and ids. The tensor is GGUF [in, rowsPerExpert, experts]; rows {@code firstRow}
   * to {@code firstRow + rows} of each expert are used. Output: used x rows.
   */
  record ExpertLinear(TensorInfo weight, int firstRow, int rows) implements Op {}

  /**
   * The sum over slots of weights[j] * x[j]. Inputs: x (used x d) and weights (1 x used). Output 1
   * x d.
   */
  record ExpertCombine() implements Op {}

  /** x of the step's last active token; for decode that is x. What follows runs once per step. */
  record LastToken() implements Op {}

  /** Samples from logits. No output. */
  record Sample() implements Op {}
}

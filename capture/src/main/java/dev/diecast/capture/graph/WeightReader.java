package dev.diecast.capture.graph;

import dev.diecast.plans.gguf.TensorInfo;
import java.util.Arrays;

/** The weights of a model as numbers, whatever type they are stored in. */
@FunctionalInterface
public interface WeightReader {
  /** Stands in for weights that are not at hand: every value reads as 1. */
  WeightReader ONES = (tensor, row, into) -> Arrays.fill(into, 1.0);

  /**
   * Decodes one row.
   *
   * @param tensor a tensor of the model
   * @param row counted through all matrices of the tensor, from 0
   * @param into receives the row; its length is {@code tensor.dim(0)}
   */
  void readRow(TensorInfo tensor, long row, double[] into);
}

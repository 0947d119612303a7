package dev.diecast.capture.interpret;

import dev.diecast.capture.graph.WeightReader;
import dev.diecast.plans.gguf.TensorInfo;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decoded rows of weights. They are kept while they fit a budget, so that small models decode each
 * row once and large ones still run.
 */
final class WeightRows {
  /** In elements: 256 MiB. */
  private static final long BUDGET = 1L << 25;

  private final WeightReader reader;
  private final Map<String, double[] @Nullable []> kept = new HashMap<>();
  private long left = BUDGET;

  WeightRows(WeightReader reader) {
    this.reader = reader;
  }

  /** The only row of a vector. */
  double[] vector(TensorInfo tensor) {
    return row(tensor, 0);
  }

  /** A row, counted through all matrices of the tensor; not to be changed. */
  double[] row(TensorInfo tensor, long row) {
    double[] @Nullable [] rows = kept.computeIfAbsent(tensor.name(), name -> table(tensor));
    if (row >= rows.length) {
      return decode(tensor, row);
    }
    double[] known = rows[(int) row];
    if (known == null) {
      known = decode(tensor, row);
      rows[(int) row] = known;
    }
    return known;
  }

  /** Room for the rows of a tensor, or none when the budget does not hold them all. */
  private double[] @Nullable [] table(TensorInfo tensor) {
    long rows = tensor.dim(1) * tensor.dim(2);
    long elements = rows * tensor.dim(0);
    if (elements > left) {
      return new double[0][];
    }
    left -= elements;
    return new double[(int) rows][];
  }

  private double[] decode(TensorInfo tensor, long row) {
    double[] values = new double[(int) tensor.dim(0)];
    reader.readRow(tensor, row, values);
    return values;
  }
}

package dev.diecast.tools.model;

import dev.diecast.capture.graph.WeightReader;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.BlockDecoder;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.plans.gguf.TensorInfo;

/** The weights of a mapped model as numbers, decoded row by row. */
public record MappedWeights(GgufFile file) implements WeightReader {
  @Override
  public void readRow(TensorInfo tensor, long row, double[] into) {
    if (!tensor.type().runnable()) {
      throw new PlanException(
          "%s: tensor '%s' is %s, which cannot be run yet"
              .formatted(file.location(), tensor.name(), tensor.type()));
    }
    BlockDecoder.decode(
        tensor.type(), file.data(tensor), row * tensor.rowBytes(), into.length, into, 0);
  }
}

package dev.diecast.capture.graph;

import dev.diecast.plans.gguf.BlockDecoder;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.plans.gguf.TensorInfo;

/**
 * Reads weights from an open file.
 *
 * @param file outlives every read
 */
public record GgufWeights(GgufFile file) implements WeightReader {
  @Override
  public void readRow(TensorInfo tensor, long row, double[] into) {
    long offset = Math.multiplyExact(row, tensor.rowBytes());
    BlockDecoder.decode(tensor.type(), file.data(tensor), offset, into.length, into, 0);
  }
}

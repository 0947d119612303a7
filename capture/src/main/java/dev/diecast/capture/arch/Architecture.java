package dev.diecast.capture.arch;

import dev.diecast.capture.graph.Graph;
import dev.diecast.capture.graph.WeightReader;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.ModelSource;

/** A model family: how one decode step is computed. */
public interface Architecture {
  /** The name in {@code general.architecture}. */
  String name();

  /**
   * Traces one decode step.
   *
   * @param source the model's metadata and tensor table
   * @param reader reads the few tensors that shape the trace (RoPE frequency factors); {@link
   *     WeightReader#ONES} where only shapes are known
   * @return the graph of one token
   * @throws PlanException naming the metadata or tensor that does not fit
   */
  Graph trace(ModelSource source, WeightReader reader);
}

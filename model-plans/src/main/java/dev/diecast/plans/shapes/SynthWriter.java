package dev.diecast.plans.shapes;

import dev.diecast.plans.gguf.GgufLayout;
import dev.diecast.plans.gguf.GgufWriter;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.gguf.TensorInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Writes a GGUF of a known shape with random but valid weights, as fast as the disk takes them. The
 * same model and seed give the same bytes. Weights have mean 0 and variance 1 / row length, norms
 * are 1, so that activations keep their size from layer to layer.
 */
public final class SynthWriter {
  private static final long DEFAULT_SEED = 1;

  private SynthWriter() {}

  /** Writes the file with the default seed. */
  public static void write(ModelSource model, Path path, LongConsumer progress) {
    write(model, path, DEFAULT_SEED, progress);
  }

  /**
   * Writes the file. {@code progress} gets the bytes done, of {@code model.fileBytes()}, on the
   * calling thread. Throws a {@link dev.diecast.plans.PlanException} when the file cannot be
   * written, or a tensor has a type without kernels.
   */
  public static void write(ModelSource model, Path path, long seed, LongConsumer progress) {
    List<GgufLayout.Spec> specs = model.tensors().stream().map(SynthWriter::spec).toList();
    GgufLayout layout = GgufLayout.of(model.metadata(), specs);
    GgufWriter.write(path, layout, new SynthData(seed), progress);
  }

  private static GgufLayout.Spec spec(TensorInfo tensor) {
    return new GgufLayout.Spec(tensor.name(), tensor.type(), tensor.shape());
  }
}

package dev.diecast.capture.graph;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.gguf.TensorInfo;
import dev.diecast.plans.gguf.TensorType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The tensor table of a model as a trace consumes it: every tensor is asked for by name and shape,
 * and none may be left over at the end.
 */
final class Weights {
  private final ModelSource source;
  private final Set<String> taken = new HashSet<>();

  Weights(ModelSource source) {
    this.source = source;
  }

  boolean has(String name) {
    return source.tensor(name).isPresent();
  }

  /** A matrix, or a stack of them, of a type that kernels read. */
  TensorInfo matrix(String user, String name, long... shape) {
    TensorInfo tensor = named(user, name);
    if (!tensor.type().runnable()) {
      throw error("tensor " + name + " is " + tensor.type() + ", which Diecast cannot run yet");
    }
    requireShape(tensor, shape);
    if (shape[0] % tensor.type().blockValues() != 0) {
      throw error(
          "tensor %s has rows of %d values, which is not a whole number of %s blocks of %d"
              .formatted(name, shape[0], tensor.type(), tensor.type().blockValues()));
    }
    return tensor;
  }

  /** A vector that kernels read as float32: a norm's weight, a bias, frequency factors. */
  TensorInfo vector(String user, String name, long length) {
    TensorInfo tensor = named(user, name);
    if (tensor.type() != TensorType.F32) {
      throw error("tensor " + name + " is " + tensor.type() + ", expected F32");
    }
    requireShape(tensor, length);
    return tensor;
  }

  /** The number of rows of a matrix, which no metadata states. */
  int rows(String user, String name) {
    long rows = named(user, name).dim(1);
    if (rows < 1 || rows > Integer.MAX_VALUE) {
      throw error("tensor " + name + " has " + rows + " rows");
    }
    return (int) rows;
  }

  void leaveOut(String name) {
    taken.add(name);
  }

  void leaveOutPrefix(String prefix) {
    for (TensorInfo tensor : source.tensors()) {
      if (tensor.name().startsWith(prefix)) {
        taken.add(tensor.name());
      }
    }
  }

  /**
   * Fails when the file holds tensors that the trace did not ask for: the model would compute
   * something else than its authors meant.
   */
  void requireAllTaken() {
    List<String> left = new ArrayList<>();
    for (TensorInfo tensor : source.tensors()) {
      if (!taken.contains(tensor.name())) {
        left.add(tensor.name());
      }
    }
    if (!left.isEmpty()) {
      throw error(
          "this architecture has no use for %d of its tensors, the first is %s"
              .formatted(left.size(), left.getFirst()));
    }
  }

  private TensorInfo named(String user, String name) {
    Optional<TensorInfo> tensor = source.tensor(name);
    taken.add(name);
    return tensor.orElseThrow(() -> error(user + " needs tensor " + name + ", which is missing"));
  }

  private void requireShape(TensorInfo tensor, long... shape) {
    boolean same = true;
    for (int i = 0; i < Math.max(shape.length, tensor.shape().size()); i++) {
      same &= tensor.dim(i) == (i < shape.length ? shape[i] : 1);
    }
    if (!same) {
      throw error(tensor.name() + " is " + tensor.shape() + ", expected " + asList(shape));
    }
  }

  private static List<Long> asList(long... shape) {
    List<Long> list = new ArrayList<>();
    for (long extent : shape) {
      list.add(extent);
    }
    return list;
  }

  PlanException error(String message) {
    return new PlanException(source.location() + ": " + message);
  }
}

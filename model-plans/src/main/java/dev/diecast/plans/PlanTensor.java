package dev.diecast.plans;

import dev.diecast.plans.gguf.TensorType;
import java.util.List;

/**
 * A weight tensor in a plan.
 *
 * @param name its name in the GGUF
 * @param type its element type
 * @param shape GGUF order: row length first
 * @param buffer index of the weights window that holds it
 * @param offset its first byte in that window
 * @param bytes its size
 */
public record PlanTensor(
    String name, TensorType type, List<Long> shape, int buffer, long offset, long bytes) {
  /** A tensor with its own copy of the shape. */
  public PlanTensor {
    shape = List.copyOf(shape);
  }
}

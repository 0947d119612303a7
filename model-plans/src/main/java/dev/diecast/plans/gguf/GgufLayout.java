package dev.diecast.plans.gguf;

import dev.diecast.plans.PlanException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where everything lies in a GGUF of one part: what {@link GgufWriter} writes, and what a model
 * without a file says of itself.
 *
 * @param metadata the metadata
 * @param tensors the tensors with their places, in file order
 * @param headerBytes bytes before the padding of the data section
 * @param fileBytes size of the file
 */
public record GgufLayout(
    Metadata metadata, List<TensorInfo> tensors, long headerBytes, long fileBytes) {
  /** The name, type and shape (row length first) of a tensor that has no place yet. */
  public record Spec(String name, TensorType type, List<Long> shape) {
    /** A spec with its own copy of the shape. */
    public Spec {
      shape = List.copyOf(shape);
    }

    /** A spec with the shape spelled out. */
    public static Spec of(String name, TensorType type, long... shape) {
      return new Spec(name, type, Arrays.stream(shape).boxed().toList());
    }

    /** Its size; a {@link PlanException} when a row is not whole blocks or the size overflows. */
    public long bytes() {
      return tensorBytes(type, shape);
    }

    /** How many values it holds. */
    public long values() {
      return shape.stream().reduce(1L, Math::multiplyExact);
    }
  }

  /** Lays the tensors out one after the other, each aligned as the metadata asks. */
  public static GgufLayout of(Metadata metadata, List<Spec> specs) {
    long alignment = metadata.integer(GgufPart.ALIGNMENT_KEY, GgufPart.DEFAULT_ALIGNMENT);
    if (alignment <= 0 || Long.bitCount(alignment) != 1) {
      throw new PlanException("alignment " + alignment + " is not a positive power of two");
    }
    long headerBytes = headerBytes(metadata, specs);
    long at = alignUp(headerBytes, alignment);
    List<TensorInfo> tensors = new ArrayList<>(specs.size());
    for (Spec spec : specs) {
      long bytes = tensorBytes(spec.type, spec.shape);
      tensors.add(new TensorInfo(spec.name, spec.type, spec.shape, 0, at, bytes));
      at = alignUp(Math.addExact(at, bytes), alignment);
    }
    return new GgufLayout(metadata, List.copyOf(tensors), headerBytes, at);
  }

  private static long headerBytes(Metadata metadata, List<Spec> specs) {
    HeaderOutput counter = HeaderOutput.counting();
    counter.start(specs.size(), metadata.entries());
    for (Spec spec : specs) {
      counter.tensor(spec.name, spec.type, spec.shape, 0);
    }
    return counter.total();
  }

  /** Where the data section starts. */
  public long dataStart() {
    return alignUp(
        headerBytes, metadata.integer(GgufPart.ALIGNMENT_KEY, GgufPart.DEFAULT_ALIGNMENT));
  }

  static long alignUp(long value, long alignment) {
    return Math.addExact(value, alignment - 1) & -alignment;
  }

  /** The bytes of a tensor; an error when a row is not whole blocks or the size overflows. */
  static long tensorBytes(TensorType type, List<Long> shape) {
    long bytes = type.rowBytes(shape.getFirst());
    try {
      for (int i = 1; i < shape.size(); i++) {
        bytes = Math.multiplyExact(bytes, shape.get(i));
      }
    } catch (ArithmeticException e) {
      throw new PlanException("the shape " + shape + " is too large", e);
    }
    return bytes;
  }
}

package dev.diecast.capture.lower;

import dev.diecast.kernels.KernelCatalog;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.PlanTensor;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.gguf.TensorInfo;
import dev.diecast.plans.gguf.TensorType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The tensors in use and the windows of the GGUF parts that hold them. Windows start at multiples
 * of {@link #ALIGNMENT} and never cut a tensor; neighbours may overlap by less than that.
 */
final class WeightTable {
  /** The largest page size of a device that maps without a copy. */
  static final long ALIGNMENT = 16384;

  private final String location;
  private final List<Long> fileBytes;
  private final List<PlanTensor> tensors = new ArrayList<>();
  private final Map<String, PlanTensor> byName = new HashMap<>();

  private WeightTable(ModelSource source) {
    location = source.location();
    fileBytes = source.fileBytes();
  }

  /**
   * Adds the windows that hold those tensors to the buffers, none of them larger than the limit.
   */
  static WeightTable of(
      Collection<TensorInfo> used, ModelSource source, BufferTable buffers, long windowLimit) {
    WeightTable table = new WeightTable(source);
    List<TensorInfo> sorted =
        used.stream()
            .distinct()
            .sorted(
                Comparator.comparingInt(TensorInfo::fileIndex)
                    .thenComparingLong(TensorInfo::fileOffset)
                    .thenComparing(TensorInfo::name))
            .toList();
    sorted.forEach(table::check);
    int from = 0;
    while (from < sorted.size()) {
      from = table.window(sorted, from, buffers, windowLimit);
    }
    return table;
  }

  /** All tensors, in file order. */
  List<PlanTensor> tensors() {
    return List.copyOf(tensors);
  }

  /** Bytes {@code from} (inclusive) of a tensor on. */
  Span span(TensorInfo tensor, long from, long bytes) {
    PlanTensor placed = Objects.requireNonNull(byName.get(tensor.name()), tensor.name());
    if (from < 0 || bytes < 1 || from > placed.bytes() - bytes) {
      throw new PlanException(
          at(tensor) + " has " + placed.bytes() + " bytes, " + bytes + " from " + from + " needed");
    }
    return new Span(new Region.Fixed(placed.buffer()), placed.offset() + from, bytes);
  }

  /** All bytes of a tensor. */
  Span span(TensorInfo tensor) {
    return span(tensor, 0, tensor.bytes());
  }

  /** The kernel of a family for the tensor's type; an error when the type cannot be run. */
  String kernel(String family, TensorInfo tensor) {
    return family + "_" + requireRunnable(tensor).suffix();
  }

  /** The tensor's type; an error when no kernel runs it. */
  TensorType requireRunnable(TensorInfo tensor) {
    if (!KernelCatalog.WEIGHT_TYPES.contains(tensor.type().suffix())) {
      throw new PlanException(
          at(tensor)
              + " has type "
              + tensor.type()
              + ", which no kernel runs yet; there are "
              + String.join(", ", KernelCatalog.WEIGHT_TYPES));
    }
    return tensor.type();
  }

  /** Checks that a tensor is a vector of that many float32. */
  void requireVector(TensorInfo tensor, long width) {
    if (tensor.type() != TensorType.F32 || tensor.bytes() != width * 4) {
      throw new PlanException(
          at(tensor)
              + " is "
              + tensor.type()
              + " "
              + tensor.shape()
              + ", a vector of "
              + width
              + " F32 is needed");
    }
  }

  /** How errors name a tensor. */
  String at(TensorInfo tensor) {
    return location + ": tensor '" + tensor.name() + "'";
  }

  private int window(List<TensorInfo> sorted, int from, BufferTable buffers, long limit) {
    TensorInfo first = sorted.get(from);
    long start = first.fileOffset() / ALIGNMENT * ALIGNMENT;
    long end = first.fileOffset() + first.bytes();
    if (end - start > limit) {
      throw new PlanException(
          at(first) + " has " + first.bytes() + " bytes, more than a window of " + limit);
    }
    int to = from + 1;
    while (to < sorted.size() && joins(sorted.get(to), first.fileIndex(), start, limit)) {
      end = Math.max(end, sorted.get(to).fileOffset() + sorted.get(to).bytes());
      to++;
    }
    int buffer = buffers.next();
    buffers.add(new PlanBuffer.Weights("weights." + buffer, first.fileIndex(), start, end - start));
    for (TensorInfo tensor : sorted.subList(from, to)) {
      PlanTensor placed =
          new PlanTensor(
              tensor.name(),
              tensor.type(),
              tensor.shape(),
              buffer,
              tensor.fileOffset() - start,
              tensor.bytes());
      tensors.add(placed);
      if (byName.put(tensor.name(), placed) != null) {
        throw new PlanException(at(tensor) + " is used with two descriptions");
      }
    }
    return to;
  }

  private static boolean joins(TensorInfo tensor, int fileIndex, long start, long limit) {
    return tensor.fileIndex() == fileIndex && tensor.fileOffset() + tensor.bytes() - start <= limit;
  }

  private void check(TensorInfo tensor) {
    boolean known = tensor.fileIndex() >= 0 && tensor.fileIndex() < fileBytes.size();
    if (!known
        || tensor.bytes() < 1
        || tensor.fileOffset() < 0
        || tensor.fileOffset() > fileBytes.get(tensor.fileIndex()) - tensor.bytes()) {
      throw new PlanException(at(tensor) + " lies outside its file");
    }
  }
}

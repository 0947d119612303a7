package dev.diecast.replay.cpu.ops;

import dev.diecast.kernels.ArgReader;
import dev.diecast.kernels.ArgStruct;
import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.TypeConstant;
import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.cpu.Bindings;
import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.CpuKernel;
import dev.diecast.replay.cpu.Worker;
import java.util.Map;
import java.util.Optional;

/**
 * The products of heads with a matrix each, as a part of kernels that do more: {@code head_gemv_T}
 * or {@code head_gemv_t_T}, bound to slots of the larger kernel and run head by head. A head's
 * weights are read once for all tokens.
 */
record HeadProducts(BoundKernel kernel, int heads) {
  /**
   * Matrices of the larger kernel, with its arguments {@code row_bytes} and {@code head_bytes} and
   * its constant {@code S_type} for slot S.
   *
   * @param slot where they are bound
   * @param transposed whether the stored rows are summed, with weights x
   * @param heads how many
   * @param rows stored rows of each
   * @param cols values per row
   */
  record Matrices(String slot, boolean transposed, int heads, int rows, int cols) {}

  /**
   * Vectors that lie in a slot of the larger kernel.
   *
   * @param slot where
   * @param offset bytes before the first
   * @param stride values from a token to the next
   * @param headStride values from a head to the next
   */
  record Place(String slot, long offset, int stride, int headStride) {}

  /**
   * Binds the products.
   *
   * @param kernels the plain kernels by their catalogue names
   * @param outer the larger kernel's bindings
   */
  static HeadProducts bind(
      Map<String, CpuKernel> kernels, Bindings outer, Matrices matrices, Place x, Place y) {
    String prefix = matrices.transposed() ? "head_gemv_t_" : "head_gemv_";
    String name = prefix + type(outer, matrices.slot()).suffix();
    CpuKernel kernel = kernels.get(name);
    if (kernel == null) {
      throw new IllegalArgumentException("the cpu device has no kernel '" + name + "'");
    }
    BoundKernel bound =
        kernel.bind(new View(outer, matrices.slot(), x, y, args(name, outer, matrices, x, y)));
    return new HeadProducts(bound, matrices.heads());
  }

  private static TensorType type(Bindings outer, String slot) {
    long id = outer.constant(TypeConstant.of(slot));
    return Optional.of(id)
        .filter(number -> number == number.intValue())
        .flatMap(number -> TensorType.ofId(number.intValue()))
        .filter(TensorType::runnable)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no kernel multiplies by type " + id + " of slot '" + slot + "'"));
  }

  private static ArgReader args(String name, Bindings outer, Matrices matrices, Place x, Place y) {
    ArgStruct struct = KernelCatalog.get(name).args();
    return struct.reader(
        struct.pack(
            Map.of(
                "n_tokens", outer.args().i32("n_tokens"),
                "heads", matrices.heads(),
                "rows", matrices.rows(),
                "cols", matrices.cols(),
                "x_stride", x.stride(),
                "x_head_stride", x.headStride(),
                "y_stride", y.stride(),
                "y_head_stride", y.headStride(),
                "row_bytes", outer.args().i64("row_bytes"),
                "head_bytes", outer.args().i64("head_bytes"))));
  }

  long scratchBytes() {
    return kernel.scratchBytes();
  }

  /** All tokens of one head. Uses the worker's scratch from its start. */
  void run(long head, Worker worker) {
    long itemsPerHead = kernel.items() / heads;
    kernel.begin(worker); // whatever the scratch holds is not from here
    kernel.run(head * itemsPerHead, (head + 1) * itemsPerHead, worker);
  }

  /** The bindings of the products: w, x and y are elsewhere in the larger kernel's. */
  private record View(Bindings outer, String weights, Place x, Place y, ArgReader args)
      implements Bindings {
    @Override
    public long address(String slot) {
      return outer.address(name(slot)) + offset(slot);
    }

    @Override
    public long bytes(String slot) {
      return outer.bytes(name(slot)) - offset(slot);
    }

    @Override
    public long constant(String name) {
      return outer.constant(name);
    }

    @Override
    public void require(String slot, long bytes) {
      outer.require(name(slot), Math.addExact(bytes, offset(slot)));
    }

    private String name(String slot) {
      return switch (slot) {
        case "w" -> weights;
        case "x" -> x.slot();
        case "y" -> y.slot();
        default -> slot;
      };
    }

    private long offset(String slot) {
      return switch (slot) {
        case "x" -> x.offset();
        case "y" -> y.offset();
        default -> 0;
      };
    }
  }
}

package dev.diecast.plans;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One kernel launch with everything bound.
 *
 * @param kernel index into {@link Plan#kernels()}
 * @param label what it computes, for people: {@code blk.3.attn_q}
 * @param layer the layer, -1 outside the layers
 * @param grid threadgroups in x, y, z (all 1 on the cpu device, which cuts its own chunks)
 * @param threadgroup threads per threadgroup in x, y, z
 * @param bindings buffers by slot, ascending
 * @param args the packed argument struct
 * @param barrierBefore whether all earlier dispatches must have finished
 * @param sourceOps the traced ops that it computes
 * @param weightBytes weight bytes read, with the experts in use counted once per selected expert
 * @param activationBytes other bytes read and written
 * @param flops floating-point operations, a multiply-add counted as two
 */
public record Dispatch(
    int kernel,
    String label,
    int layer,
    Extent grid,
    Extent threadgroup,
    List<Binding> bindings,
    byte[] args,
    boolean barrierBefore,
    List<String> sourceOps,
    long weightBytes,
    long activationBytes,
    long flops) {
  /** A dispatch with its own copies of the lists. */
  public Dispatch {
    bindings = List.copyOf(bindings);
    sourceOps = List.copyOf(sourceOps);
  }

  /** The same with another argument struct. */
  public Dispatch withArgs(byte[] others) {
    return new Dispatch(
        kernel,
        label,
        layer,
        grid,
        threadgroup,
        bindings,
        others,
        barrierBefore,
        sourceOps,
        weightBytes,
        activationBytes,
        flops);
  }

  /** The same with or without a barrier. */
  public Dispatch withBarrierBefore(boolean barrier) {
    return new Dispatch(
        kernel,
        label,
        layer,
        grid,
        threadgroup,
        bindings,
        args,
        barrier,
        sourceOps,
        weightBytes,
        activationBytes,
        flops);
  }

  /** A size in three dimensions. */
  public record Extent(long x, long y, long z) {
    /** One by one by one. */
    public static final Extent ONE = new Extent(1, 1, 1);
  }

  /** How a dispatch touches a bound range. */
  public enum Access {
    READ,
    WRITE,
    READ_WRITE;

    /** Whether the range may be read. */
    public boolean reads() {
      return this != WRITE;
    }

    /** Whether the range may be written. */
    public boolean writes() {
      return this != READ;
    }
  }

  /**
   * A buffer range bound to a slot.
   *
   * @param slot the kernel's slot
   * @param buffer index into {@link Plan#buffers()}
   * @param offset first byte
   * @param bytes how many bytes the dispatch may touch from there, all experts included
   * @param access how it touches them
   * @param expert set when the kernel adds {@code ids[slot] * stride} to the base
   */
  public record Binding(
      int slot, int buffer, long offset, long bytes, Access access, @Nullable ExpertIndex expert) {}

  /**
   * The address of an expert's weights: {@code base + ids[slot] * stride}.
   *
   * @param idsSlot the slot of the same dispatch that holds the ids
   * @param count experts in the tensor
   * @param stride bytes from one expert to the next
   * @param bytes bytes read from each expert's base
   */
  public record ExpertIndex(int idsSlot, long count, long stride, long bytes) {}
}

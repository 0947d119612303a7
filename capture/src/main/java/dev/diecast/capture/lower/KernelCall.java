package dev.diecast.capture.lower;

import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import dev.diecast.kernels.Slot;
import dev.diecast.kernels.TypeConstant;
import dev.diecast.plans.Dispatch.ExpertIndex;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.TensorType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds a {@link Draft}: slots and arguments by the names of the kernel's contract. */
final class KernelCall {
  private final KernelContract kernel;
  private final String label;
  private final int layer;
  private final List<String> sources;
  private final List<Draft.Touch> touches = new ArrayList<>();
  private final Map<String, Number> args = new HashMap<>();
  private final Map<String, Long> constants = new HashMap<>();
  private long weightBytes;
  private long activationBytes;
  private long flops;

  KernelCall(String kernel, String label, int layer, List<String> sources) {
    this.kernel = KernelCatalog.get(kernel);
    this.label = label;
    this.layer = layer;
    this.sources = sources;
  }

  /** Binds activations; their elements count as traffic. */
  KernelCall bind(String slot, Layout layout) {
    return bind(slot, layout.span(), layout.payloadBytes());
  }

  /** Binds a range of which the kernel moves that many bytes. */
  KernelCall bind(String slot, Span span, long traffic) {
    activationBytes = Math.addExact(activationBytes, traffic);
    return touch(slot, span, null);
  }

  /** Binds weights of which the kernel reads that many bytes. */
  KernelCall weights(String slot, Span span, long read) {
    weightBytes = Math.addExact(weightBytes, read);
    return touch(slot, span, null);
  }

  /**
   * Binds part of a matrix of which the kernel reads that many bytes; the constant {@code
   * SLOT_type} says its type.
   */
  KernelCall matrix(String slot, TensorType type, Span span, long read) {
    return typed(slot, type).weights(slot, span, read);
  }

  /** States the type of the weights in a slot. */
  KernelCall typed(String slot, TensorType type) {
    return constant(TypeConstant.of(slot), type.id());
  }

  /** States a function constant. */
  KernelCall constant(String name, long value) {
    constants.put(name, value);
    return this;
  }

  /** Binds weights of all experts, of which the kernel reads the chosen ones. */
  KernelCall experts(String slot, Span span, ExpertIndex index, long read) {
    weightBytes = Math.addExact(weightBytes, read);
    return touch(slot, span, index);
  }

  /** The index of a slot. */
  int slot(String name) {
    return kernel.slot(name).index();
  }

  KernelCall arg(String name, Number value) {
    args.put(name, value);
    return this;
  }

  /** Arguments {@code NAME_stride} of a layout. */
  KernelCall stride(String name, Layout layout) {
    return arg(name + "_stride", layout.tokenStride());
  }

  /** Arguments {@code NAME_stride} and {@code NAME_head_stride} (or {@code _slot_}) of a layout. */
  KernelCall strides(String name, String rowKind, Layout layout) {
    return stride(name, layout).arg(name + "_" + rowKind + "_stride", layout.rowStride());
  }

  /** Adds operations. */
  KernelCall flops(long count) {
    flops = Math.addExact(flops, count);
    return this;
  }

  /** The finished draft; an error when an argument does not fit its field. */
  Draft build() {
    touches.sort(Comparator.comparingInt(touch -> touch.slot().index()));
    for (Slot slot : kernel.slots()) {
      long bound = touches.stream().filter(touch -> touch.slot().equals(slot)).count();
      if (bound > 1 || (bound == 0 && !slot.optional())) {
        throw new IllegalStateException(
            kernel.name() + " binds '" + slot.name() + "' " + bound + " times");
      }
    }
    try {
      byte[] packed = kernel.args().pack(args);
      return new Draft(
          kernel,
          stated(),
          label,
          layer,
          touches,
          packed,
          sources,
          weightBytes,
          activationBytes,
          flops);
    } catch (ArithmeticException e) {
      throw new PlanException(
          label + ": " + kernel.name() + " takes 32-bit sizes, these do not fit: " + args, e);
    }
  }

  /** All constants of the contract, in its order. */
  private List<KernelUse.Constant> stated() {
    List<KernelUse.Constant> list = new ArrayList<>();
    for (String name : kernel.constants()) {
      Long value = constants.remove(name);
      if (value == null && (!TypeConstant.is(name) || bound(name))) {
        throw new IllegalStateException(kernel.name() + " needs the constant '" + name + "'");
      }
      list.add(new KernelUse.Constant(name, value == null ? TypeConstant.UNBOUND : value));
    }
    if (!constants.isEmpty()) {
      throw new IllegalStateException(kernel.name() + " has no constants " + constants.keySet());
    }
    return list;
  }

  /** Whether the slot is bound whose type a constant states. */
  private boolean bound(String constant) {
    return touches.stream()
        .anyMatch(touch -> constant.equals(TypeConstant.of(touch.slot().name())));
  }

  private KernelCall touch(String slot, Span span, @Nullable ExpertIndex expert) {
    touches.add(new Draft.Touch(kernel.slot(slot), span, expert));
    return this;
  }
}

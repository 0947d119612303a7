package dev.diecast.replay.cpu;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Bound dispatches in order, with the counters from which workers claim their chunks. */
final class Walk {
  private static final VarHandle CLAIMED = MethodHandles.arrayElementVarHandle(long[].class);

  /**
   * One dispatch of a walk.
   *
   * @param label names it in errors
   * @param kernel what it runs
   * @param barrierBefore whether all earlier dispatches must have finished
   */
  record Stop(String label, BoundKernel kernel, boolean barrierBefore) {}

  private final String[] labels;
  private final BoundKernel[] kernels;
  private final boolean[] barriers;
  private final long[] claimed;

  Walk(List<Stop> stops) {
    labels = new String[stops.size()];
    kernels = new BoundKernel[stops.size()];
    barriers = new boolean[stops.size()];
    claimed = new long[stops.size()];
    for (int i = 0; i < stops.size(); i++) {
      labels[i] = stops.get(i).label();
      kernels[i] = stops.get(i).kernel();
      barriers[i] = stops.get(i).barrierBefore();
    }
  }

  /** Each dispatch as a walk of its own. */
  List<Walk> singles() {
    return IntStream.range(0, length())
        .mapToObj(i -> new Walk(List.of(new Stop(labels[i], kernels[i], barriers[i]))))
        .toList();
  }

  int length() {
    return kernels.length;
  }

  String label(int dispatch) {
    return labels[dispatch];
  }

  boolean barrierBefore(int dispatch) {
    return barriers[dispatch];
  }

  /** The largest scratch that a kernel asks for. */
  long scratchBytes() {
    long most = 0;
    for (BoundKernel kernel : kernels) {
      most = Math.max(most, kernel.scratchBytes());
    }
    return most;
  }

  /** Makes all items claimable again; no worker may be at work. */
  void rewind() {
    Arrays.fill(claimed, 0);
  }

  /** Claims and runs chunks of a dispatch until none is left. */
  void work(int dispatch, Worker worker) {
    BoundKernel kernel = kernels[dispatch];
    long items = kernel.items();
    if ((long) CLAIMED.getOpaque(claimed, dispatch) >= items) {
      return; // a plain look is cheaper than a locked add
    }
    long grain = Math.max(1, kernel.grain());
    long from = (long) CLAIMED.getAndAdd(claimed, dispatch, grain);
    if (from >= items) {
      return;
    }
    kernel.begin(worker);
    while (from < items) {
      kernel.run(from, Math.min(from + grain, items), worker);
      from = (long) CLAIMED.getAndAdd(claimed, dispatch, grain);
    }
  }
}

package dev.diecast.replay.cpu;

import dev.diecast.kernels.ArgReader;
import dev.diecast.kernels.KernelContract;
import dev.diecast.kernels.Slot;
import dev.diecast.plans.PlanException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

/**
 * One kernel on a team of threads, over memory that somebody else owns: what a plan of a single
 * dispatch would run, for tests and measurements of kernels.
 */
public final class KernelRun implements AutoCloseable {
  private final Arena arena;
  private final Walk walk;
  private final ThreadTeam team;

  private KernelRun(Arena arena, Walk walk, ThreadTeam team) {
    this.arena = arena;
    this.walk = walk;
    this.team = team;
  }

  /**
   * Binds the kernel and starts the threads.
   *
   * @param constants function constants by name
   * @param args the packed argument struct
   * @param slots native memory by slot; slots without any are unbound
   * @param threads workers, the calling thread included
   * @throws PlanException when the arguments or the memory do not fit the kernel
   */
  public static KernelRun open(
      KernelContract contract,
      Map<String, Long> constants,
      byte[] args,
      Map<String, MemorySegment> slots,
      int threads) {
    CpuKernel kernel = CpuDevice.kernels().get(contract.name());
    if (kernel == null) {
      throw new PlanException("the cpu device has no kernel '" + contract.name() + "'");
    }
    BoundKernel bound;
    try {
      bound = kernel.bind(new Given(contract, constants, contract.args().reader(args), slots));
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw new PlanException(contract.name() + ": " + e.getMessage(), e);
    }
    Walk walk = new Walk(List.of(new Walk.Stop(contract.name(), bound, false)));
    Arena arena = Arena.ofShared();
    try {
      return new KernelRun(arena, walk, new ThreadTeam(threads, walk.scratchBytes(), arena));
    } catch (Throwable t) {
      arena.close();
      throw t;
    }
  }

  /** Runs the dispatch once. Throws {@link KernelFailure} when the kernel fails. */
  public void run() {
    team.run(walk);
  }

  /** Ends the threads; the memory of the slots is untouched. */
  @Override
  public void close() {
    team.close();
    arena.close();
  }

  private record Given(
      KernelContract contract,
      Map<String, Long> constants,
      ArgReader args,
      Map<String, MemorySegment> slots)
      implements Bindings {
    Given {
      for (Slot slot : contract.slots()) {
        if (!slot.optional() && !slots.containsKey(slot.name())) {
          throw new IllegalArgumentException("slot '" + slot.name() + "' is not bound");
        }
      }
    }

    @Override
    public long address(String slot) {
      MemorySegment segment = slots.get(contract.slot(slot).name());
      return segment == null ? 0 : segment.address();
    }

    @Override
    public long bytes(String slot) {
      MemorySegment segment = slots.get(contract.slot(slot).name());
      return segment == null ? 0 : segment.byteSize();
    }

    @Override
    public long constant(String name) {
      Long value = constants.get(name);
      if (value == null) {
        throw new IllegalArgumentException("the constant '" + name + "' is not given");
      }
      return value;
    }

    @Override
    public void require(String slot, long bytes) {
      if (bytes < 0 || address(slot) == 0 || bytes(slot) < bytes) {
        throw new IllegalArgumentException(
            "slot '" + slot + "' needs " + bytes + " bytes, not " + bytes(slot));
      }
    }
  }
}

package dev.diecast.replay.cpu;

import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.Program;
import dev.diecast.replay.cpu.gemv.GemvKernels;
import dev.diecast.replay.cpu.ops.OpKernels;
import dev.diecast.replay.device.Device;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * A plan bound to this machine's cores: buffers allocated, programs bound, threads waiting. One run
 * may be under way. A kernel that fails is a {@link KernelFailure}.
 */
public final class CpuDevice implements Device {
  private final Arena arena;
  private final CpuMemory memory;
  private final Walk[] walks;
  private final ThreadTeam team;
  private final List<MemorySegment> parts;
  private long submitted;
  private long begun;
  private int waiting;

  private CpuDevice(
      Arena arena, CpuMemory memory, Walk[] walks, ThreadTeam team, List<MemorySegment> parts) {
    this.arena = arena;
    this.memory = memory;
    this.walks = walks;
    this.team = team;
    this.parts = parts;
  }

  /**
   * Binds a plan.
   *
   * @param plan a verified plan for the device {@code cpu}
   * @param parts the mapped parts of its model, in order; they must stay mapped as long as the
   *     device is open
   * @param threads workers, the calling thread included
   */
  public static CpuDevice open(Plan plan, List<MemorySegment> parts, int threads) {
    return open(plan, parts, threads, kernels());
  }

  /** Refuses a plan for another device, whose dispatches mean nothing here. */
  public static void requireOwn(Plan plan) {
    if (!plan.device().equals("cpu")) {
      throw new PlanException(
          "the plan was compiled for the device '" + plan.device() + "', not for cpu");
    }
  }

  static CpuDevice open(
      Plan plan, List<MemorySegment> parts, int threads, Map<String, CpuKernel> kernels) {
    requireOwn(plan);
    Arena arena = Arena.ofShared();
    try {
      CpuMemory memory = new CpuMemory(plan, parts, arena);
      Walk[] walks = new Walk[plan.programs().size()];
      long scratch = 0;
      for (int i = 0; i < walks.length; i++) {
        Program program = plan.programs().get(i);
        walks[i] = CpuProgram.bind(plan, program, memory, kernels);
        scratch = Math.max(scratch, walks[i].scratchBytes());
      }
      ThreadTeam team = new ThreadTeam(threads, scratch, arena);
      return new CpuDevice(arena, memory, walks, team, List.copyOf(parts));
    } catch (Throwable t) {
      arena.close();
      throw t;
    }
  }

  /** Every kernel of this device by its catalogue name. */
  public static Map<String, CpuKernel> kernels() {
    Map<String, CpuKernel> kernels = new HashMap<>(OpKernels.table());
    kernels.putAll(GemvKernels.table());
    return kernels;
  }

  /** Bits of the vectors that the kernels compute with here; 0 when they are scalar. */
  public static int vectorBits() {
    return GemvKernels.vectorBits();
  }

  @Override
  public int depth() {
    return 1;
  }

  @Override
  public long submit(int program) {
    waiting = program;
    return ++submitted;
  }

  /** Runs the program: the thread that waits is one of the workers. */
  @Override
  public void await(long run) {
    if (run > begun) {
      begun = run;
      checkMapped();
      team.run(walks[waiting]);
    }
  }

  @Override
  public void runEach(int program, IntConsumer ran) {
    checkMapped();
    List<Walk> singles = walks[program].singles();
    for (int i = 0; i < singles.size(); i++) {
      team.run(singles.get(i));
      ran.accept(i);
    }
  }

  private void checkMapped() {
    // Kernels read raw addresses: a model closed under them must be noticed here.
    for (int i = 0; i < parts.size(); i++) {
      if (!parts.get(i).scope().isAlive()) {
        throw new IllegalStateException("the model's file was closed while a session uses it");
      }
    }
  }

  /** Nothing to do: kernels leave no trace but in buffers. */
  @Override
  public void recover() {}

  @Override
  public List<String> notes() {
    return List.of("cpu, threads: " + threads());
  }

  @Override
  public MemorySegment buffer(int index) {
    return memory.segment(index);
  }

  /** Workers, the calling thread included. */
  public int threads() {
    return team.size();
  }

  /** Ends the threads and frees the buffers. */
  @Override
  public void close() {
    team.close();
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}

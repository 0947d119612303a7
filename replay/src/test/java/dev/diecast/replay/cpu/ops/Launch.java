package dev.diecast.replay.cpu.ops;

import dev.diecast.kernels.ArgReader;
import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.StepState;
import dev.diecast.replay.cpu.Bindings;
import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.CpuDevice;
import dev.diecast.replay.cpu.CpuKernel;
import dev.diecast.replay.cpu.KernelTeam;
import dev.diecast.replay.cpu.Memory;
import dev.diecast.replay.cpu.Worker;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One kernel bound and run by hand: the slots and arguments of a dispatch, without a plan. */
final class Launch implements Bindings {
  private static final Map<String, CpuKernel> KERNELS = CpuDevice.kernels();

  private final KernelContract contract;
  private final Map<String, MemorySegment> slots = new HashMap<>();
  private final Map<String, Number> args = new HashMap<>();
  private final Map<String, Long> constants = new HashMap<>();
  final MemorySegment state;
  private final Arena arena;

  Launch(String kernel, Arena arena) {
    this.contract = KernelCatalog.get(kernel);
    this.arena = arena;
    this.state = arena.allocate(StepState.BYTES, 64);
    contract.args().fields().forEach(field -> args.put(field.name(), 0));
    Memory.f32(state.address() + StepState.REPEAT_PENALTY, 1);
    Memory.f32(state.address() + StepState.TOP_P, 1);
    slots.put("step", state);
    args.put("n_tokens", 1);
    active(1);
  }

  Launch slot(String name, MemorySegment segment) {
    contract.slot(name);
    slots.put(name, segment);
    return this;
  }

  Launch arg(String name, Number value) {
    contract.args().offsetOf(name);
    args.put(name, value);
    return this;
  }

  Launch tokens(int count) {
    return arg("n_tokens", count).active(count);
  }

  Launch active(int count) {
    Memory.i32(state.address() + StepState.ACTIVE, count);
    return this;
  }

  Launch position(int position) {
    Memory.i32(state.address() + StepState.POSITION, position);
    return this;
  }

  BoundKernel bind() {
    return Objects.requireNonNull(KERNELS.get(contract.name())).bind(this);
  }

  /** Runs all items in claims of the kernel's own grain. */
  void run() {
    BoundKernel kernel = bind();
    Worker worker = worker(kernel);
    long items = kernel.items();
    kernel.begin(worker);
    for (long i = 0; i < items; i += kernel.grain()) {
      kernel.run(i, Math.min(i + kernel.grain(), items), worker);
    }
  }

  /** Runs on a team of that many threads. */
  void run(int threads) {
    try (KernelTeam team = new KernelTeam(bind(), threads)) {
      team.run();
    }
  }

  Worker worker(BoundKernel kernel) {
    return new Worker(0, arena.allocate(Math.max(64, kernel.scratchBytes()), 64).address());
  }

  Launch constant(String name, long value) {
    constants.put(name, value);
    return this;
  }

  @Override
  public long constant(String name) {
    Long value = constants.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no constant " + name);
    }
    return value;
  }

  @Override
  public long address(String slot) {
    @Nullable MemorySegment segment = slots.get(contract.slot(slot).name());
    return segment == null ? 0 : segment.address();
  }

  @Override
  public long bytes(String slot) {
    @Nullable MemorySegment segment = slots.get(contract.slot(slot).name());
    return segment == null ? 0 : segment.byteSize();
  }

  @Override
  public ArgReader args() {
    return contract.args().reader(contract.args().pack(args));
  }

  @Override
  public void require(String slot, long bytes) {
    if (bytes < 0 || bytes(slot) < bytes) {
      throw new PlanException(contract.name() + ": slot '" + slot + "' needs " + bytes + " bytes");
    }
  }
}

package dev.diecast.replay.metal;

import dev.diecast.bindings.metal.Metal;
import dev.diecast.bindings.metal.MetalDevice;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.replay.MetalOptions;
import dev.diecast.replay.device.Device;
import dev.diecast.replay.device.DeviceFailure;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** A plan bound to a GPU through Metal. */
public final class MetalReplay implements Device {
  private final Resources resources;
  private final Plan plan;
  private final List<MemorySegment> parts;
  private final GpuMemory memory;
  private final List<List<Command>> programs;
  private final CommandPath path;
  private final List<String> notes;
  private final int[] programOf;
  private long submitted;
  private long ended;
  private boolean lost;

  private MetalReplay(
      LoadedPlan loaded, EncoderChoice.Chosen chosen, Resources resources, int depth) {
    this.resources = resources;
    this.plan = loaded.plan();
    this.parts = loaded.parts();
    this.memory = loaded.memory();
    this.programs = loaded.programs();
    this.path = chosen.path();
    this.programOf = new int[depth];
    List<String> all = new ArrayList<>(loaded.notes());
    all.addAll(chosen.notes());
    this.notes = List.copyOf(all);
  }

  /**
   * Binds a plan to the GPU that the system prefers.
   *
   * @param plan a verified plan for the device {@code metal}
   * @param parts the mapped parts of its model, in order; they must stay mapped as long as the
   *     device is open
   * @throws PlanException when there is no Metal here, or it refuses; the message is Metal's own
   */
  public static MetalReplay open(Plan plan, List<MemorySegment> parts, MetalOptions options) {
    Resources resources = new Resources();
    try {
      MetalDevice device = Metal.defaultDevice();
      resources.own(device::close);
      LoadedPlan loaded = LoadedPlan.of(device, plan, parts, options);
      resources.own(loaded::close);
      EncoderChoice.Chosen chosen = new EncoderChoice(loaded, options).choose();
      resources.own(chosen.path()::close);
      return new MetalReplay(loaded, chosen, resources, options.tokensInFlight());
    } catch (MetalException e) {
      resources.close();
      throw new PlanException("the metal device cannot run this plan: " + e.getMessage(), e);
    } catch (Throwable t) {
      resources.close();
      throw t;
    }
  }

  @Override
  public MemorySegment buffer(int index) {
    return memory.segment(index);
  }

  @Override
  public int depth() {
    return programOf.length;
  }

  @Override
  public long submit(int program) {
    checkUsable();
    try {
      path.submit(program, 0, programs.get(program).size());
    } catch (MetalException e) {
      throw new DeviceFailure(plan.programs().get(program).name() + ": " + e.getMessage(), e);
    }
    programOf[(int) (submitted % programOf.length)] = program;
    return ++submitted;
  }

  @Override
  public void await(long run) {
    while (ended < run) {
      int program = programOf[(int) (ended % programOf.length)];
      ended++;
      try {
        path.awaitOldest();
      } catch (GpuFault fault) {
        throw failed(program, fault);
      } catch (MetalException e) {
        throw new DeviceFailure(plan.programs().get(program).name() + ": " + e.getMessage(), e);
      }
    }
  }

  @Override
  public void runEach(int program, IntConsumer ran) {
    checkUsable();
    List<Command> commands = programs.get(program);
    for (int i = 0; i < commands.size(); i++) {
      try {
        path.submit(program, i, i + 1);
        path.awaitOldest();
      } catch (GpuFault fault) {
        lost = fault.kind() == GpuFault.Kind.DEVICE_LOST;
        throw new DeviceFailure(commands.get(i).where() + ": " + fault.getMessage(), fault);
      } catch (MetalException e) {
        throw new DeviceFailure(commands.get(i).where() + ": " + e.getMessage(), e);
      }
      ran.accept(i);
    }
  }

  private DeviceFailure failed(int program, GpuFault fault) {
    lost = fault.kind() == GpuFault.Kind.DEVICE_LOST;
    String where = plan.programs().get(program).name();
    if (fault.kind() == GpuFault.Kind.COMMAND) {
      where = new FaultSearch(plan, programs, memory, path).find(program).orElse(where);
    }
    return new DeviceFailure(where + ": " + fault.getMessage(), fault);
  }

  @Override
  public void recover() {
    if (lost) {
      throw new DeviceFailure("the GPU was lost: close the session and open another", null);
    }
    try {
      path.recover();
      submitted = 0;
      ended = 0;
    } catch (MetalException e) {
      throw new DeviceFailure("the GPU could not be made ready again: " + e.getMessage(), e);
    }
  }

  @Override
  public List<String> notes() {
    return notes;
  }

  private void checkUsable() {
    // The GPU reads the mapped file: a model closed under it must be noticed here.
    for (int i = 0; i < parts.size(); i++) {
      if (!parts.get(i).scope().isAlive()) {
        throw new IllegalStateException("the model's file was closed while a session uses it");
      }
    }
  }

  @Override
  public void close() {
    resources.close();
  }
}

package dev.diecast.replay.metal;

import dev.diecast.bindings.metal.CounterSamplingPoint;
import dev.diecast.bindings.metal.CounterSet;
import dev.diecast.bindings.metal.Metal;
import dev.diecast.bindings.metal.MetalDevice;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.replay.MetalOptions;
import dev.diecast.replay.ReplayException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How long each dispatch of a program takes on the GPU. Each runs alone, so that the sum is more
 * than a step of overlapping dispatches takes.
 */
public final class DispatchTimes implements AutoCloseable {
  /**
   * A dispatch's time.
   *
   * @param dispatch its index in the program
   * @param where its place, label and kernel
   * @param micros median microseconds on the GPU
   */
  public record Time(int dispatch, String where, double micros) {}

  private final Resources resources = new Resources();
  private final LoadedPlan loaded;
  private final DispatchClock clock;
  private final boolean counters;

  private DispatchTimes(Plan plan, List<MemorySegment> parts, MetalOptions options) {
    try {
      MetalDevice device = Metal.defaultDevice();
      resources.own(device::close);
      loaded = LoadedPlan.of(device, plan, parts, options.withEncoder(MetalOptions.Encoder.DIRECT));
      resources.own(loaded::close);
      List<CounterSet> sets = CounterSet.all(device);
      sets.forEach(set -> resources.own(set::close));
      CounterSet timestamps =
          sets.stream()
              .filter(set -> set.name().equals(CounterSet.TIMESTAMP))
              .findFirst()
              .orElse(null);
      counters = timestamps != null && device.supports(CounterSamplingPoint.STAGE_BOUNDARY);
      clock =
          counters && timestamps != null
              ? new CounterClock(loaded, timestamps)
              : new CommandBufferClock(loaded);
      resources.own(clock::close);
    } catch (Throwable t) {
      resources.close();
      throw t;
    }
  }

  /** Binds a verified plan for measurements; the model must stay open as long. */
  public static DispatchTimes open(Plan plan, GgufFile model, MetalOptions options) {
    List<MemorySegment> parts = IntStream.range(0, model.parts()).mapToObj(model::part).toList();
    try {
      return new DispatchTimes(plan, parts, options);
    } catch (MetalException e) {
      throw new PlanException("the metal device cannot run this plan: " + e.getMessage(), e);
    }
  }

  /** Whether times come from the GPU's counters; else from command buffers, which are coarser. */
  public boolean fromCounters() {
    return counters;
  }

  /**
   * Measures a program.
   *
   * @param program its index in the plan
   * @param position tokens that the KV cache is taken to hold
   * @param rounds how often it runs, at least 1
   */
  public List<Time> measure(int program, int position, int rounds) {
    List<Command> commands = loaded.programs().get(program);
    int active = loaded.plan().programs().get(program).tokens();
    StepMemory memory = new StepMemory(loaded.plan(), loaded.memory());
    double[][] micros = new double[commands.size()][rounds];
    try {
      for (int round = 0; round < rounds; round++) {
        memory.place(position, active);
        double[] once = clock.micros(program);
        for (int i = 0; i < once.length; i++) {
          micros[i][round] = once[i];
        }
      }
    } catch (GpuFault | MetalException e) {
      throw new ReplayException("the measurement failed: " + e.getMessage(), e);
    }
    return IntStream.range(0, commands.size())
        .mapToObj(i -> new Time(i, commands.get(i).where(), median(micros[i])))
        .toList();
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  @Override
  public void close() {
    resources.close();
  }
}

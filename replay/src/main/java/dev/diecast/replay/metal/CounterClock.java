package dev.diecast.replay.metal;

import dev.diecast.bindings.metal.CommandBuffer;
import dev.diecast.bindings.metal.ComputePassDescriptor;
import dev.diecast.bindings.metal.CounterSampleBuffer;
import dev.diecast.bindings.metal.CounterSet;
import dev.diecast.bindings.metal.DispatchType;
import dev.diecast.bindings.metal.MetalDevice;

/**
 * An encoder for each dispatch in one command buffer, with the GPU's clock read where each begins
 * and ends: Apple's GPUs sample nowhere else.
 */
final class CounterClock implements DispatchClock {
  // A sample buffer takes 32 KiB at most: 4096 samples.
  private static final int AT_ONCE = 1024;
  private static final long UNTAKEN = -1;

  private final SingleCommands commands;
  private final CounterSampleBuffer samples;
  private final double microsPerTick;

  CounterClock(LoadedPlan loaded, CounterSet timestamps) {
    commands = new SingleCommands(loaded);
    try {
      samples = CounterSampleBuffer.create(loaded.device(), timestamps, 2L * AT_ONCE);
      microsPerTick = microsPerTick(loaded.device());
    } catch (Throwable t) {
      commands.close();
      throw t;
    }
  }

  /** Ticks are nanoseconds on some GPUs only, so that the host's clock has to say. */
  private static double microsPerTick(MetalDevice device) {
    long start = System.nanoTime();
    long first = device.sampleTimestamps().gpu();
    long nanos;
    do {
      Thread.onSpinWait();
      nanos = System.nanoTime() - start;
    } while (nanos < 5_000_000);
    long ticks = device.sampleTimestamps().gpu() - first;
    return ticks <= 0 ? 1e-3 : (System.nanoTime() - start) / 1e3 / ticks;
  }

  @Override
  public double[] micros(int program) throws GpuFault {
    double[] micros = new double[commands.count(program)];
    for (int from = 0; from < micros.length; from += AT_ONCE) {
      int first = from;
      int count = Math.min(AT_ONCE, micros.length - from);
      commands.run(buffer -> encode(buffer, program, first, count), _ -> {});
      long[] ticks = samples.timestamps(0, 2L * count);
      for (int i = 0; i < count; i++) {
        micros[from + i] = taken(ticks[2 * i], ticks[2 * i + 1]) * microsPerTick;
      }
    }
    return micros;
  }

  private static long taken(long begin, long end) {
    return begin == UNTAKEN || end == UNTAKEN ? 0 : end - begin;
  }

  private void encode(long buffer, int program, int from, int count) {
    for (int i = 0; i < count; i++) {
      long pass =
          ComputePassDescriptor.sampling(DispatchType.CONCURRENT, samples, 2L * i, 2L * i + 1);
      commands.encode(CommandBuffer.computeEncoder(buffer, pass), program, from + i);
    }
  }

  @Override
  public void close() {
    try {
      samples.close();
    } finally {
      commands.close();
    }
  }
}

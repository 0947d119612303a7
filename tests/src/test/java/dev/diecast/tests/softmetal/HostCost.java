package dev.diecast.tests.softmetal;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanBuffer;
import dev.diecast.plans.StepState;
import dev.diecast.plans.gguf.ModelSource;
import dev.diecast.plans.shapes.KnownShapes;
import dev.diecast.replay.MetalOptions.Encoder;
import dev.diecast.replay.metal.MetalReplay;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The plan of a known shape on a GPU that does nothing, so that what a token takes is the host's
 * share. Its weights are holes in files. {@link Setting#NULL_MODE} has to be on.
 */
final class HostCost implements AutoCloseable {
  private static final int DEPTH = 3;

  private final Arena arena = Arena.ofShared();
  private final Plan plan;
  private final int decode;
  private final MetalReplay device;

  /** Opens a shape such as {@code glm-4.7-flash:q4_0}; the files go to the folder. */
  HostCost(String shape, Encoder encoder, Path folder) throws IOException {
    ModelSource source = KnownShapes.find(shape);
    this.plan =
        PlanCompiler.compile(source, CompileOptions.DEFAULTS.withDevice("metal").withContext(4096));
    this.decode = plan.programs().indexOf(plan.decode());
    try {
      this.device =
          MetalReplay.open(
              plan,
              holes(source, arena, folder),
              MetalRun.options(encoder).withTokensInFlight(DEPTH));
    } catch (Throwable t) {
      arena.close();
      throw t;
    }
    for (int i = 0; i < plan.buffers().size(); i++) {
      if (plan.buffers().get(i) instanceof PlanBuffer.State) {
        device.buffer(i).set(ValueLayout.JAVA_INT, StepState.ACTIVE, 1);
      }
    }
  }

  /** Dispatches of a token. */
  int dispatches() {
    return plan.decode().dispatches().size();
  }

  /** As a generation does: the oldest is awaited while others are under way. */
  void run(int tokens) {
    long last = 0;
    for (int i = 0; i < tokens; i++) {
      last = device.submit(decode);
      device.await(last - DEPTH + 1);
    }
    device.await(last);
  }

  /**
   * What it takes to submit a token and, once the GPU has ended, to notice it: nanoseconds of each,
   * ascending.
   *
   * @param settle waits for the GPU, outside the time
   */
  long[] nanosPerToken(int tokens, Runnable settle) {
    long[] nanos = new long[tokens];
    for (int i = 0; i < tokens; i++) {
      long start = System.nanoTime();
      long run = device.submit(decode);
      long submitted = System.nanoTime();
      settle.run();
      long ended = System.nanoTime();
      device.await(run);
      nanos[i] = submitted - start + System.nanoTime() - ended;
    }
    Arrays.sort(nanos);
    return nanos;
  }

  private static List<MemorySegment> holes(ModelSource shape, Arena arena, Path folder)
      throws IOException {
    List<MemorySegment> parts = new ArrayList<>();
    for (long bytes : shape.fileBytes()) {
      Path file = folder.resolve("part" + parts.size());
      try (FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.SPARSE)) {
        channel.write(ByteBuffer.allocate(1), bytes - 1);
        parts.add(channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, arena));
      }
    }
    return parts;
  }

  @Override
  public void close() {
    device.close();
    arena.close();
  }
}

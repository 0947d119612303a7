package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a token costs the host, with a GPU that does nothing: messages, time and allocation, for the
 * plan of a large model whose weights are a hole in a file.
 */
@ExtendWith(NeedsSoftMetal.class)
class MetalCostTest {
  private static final int DEPTH = 3;
  // Code of the JIT's first tier allocates 16 bytes in one of the downcalls.
  private static final int WARM_UP = 12_000;
  private static final int TOKENS = 500;

  @TempDir Path folder;
  private SoftMetal metal;

  @BeforeEach
  void load() {
    metal = SoftMetal.load().set(Setting.NULL_MODE, 1);
  }

  @AfterEach
  void reset() {
    metal.reset();
  }

  @ParameterizedTest
  @EnumSource(value = Encoder.class, names = "AUTO", mode = EnumSource.Mode.EXCLUDE)
  void aTokenOfALargeModel(Encoder encoder) throws IOException {
    ModelSource shape = KnownShapes.find("glm-4.7-flash:q4_0");
    Plan plan =
        PlanCompiler.compile(shape, CompileOptions.DEFAULTS.withDevice("metal").withContext(4096));
    int decode = plan.programs().indexOf(plan.decode());
    int dispatches = plan.decode().dispatches().size();
    try (Arena arena = Arena.ofShared();
        MetalReplay device =
            MetalReplay.open(
                plan, holes(shape, arena), MetalRun.options(encoder).withTokensInFlight(DEPTH))) {
      emit(plan, device);
      run(device, decode, DEPTH);
      metal.settle();
      Map<String, Long> objects = metal.liveObjects();
      run(device, decode, WARM_UP);
      metal.settle();
      assertThat(metal.liveObjects()).as("objects after %d tokens", WARM_UP).isEqualTo(objects);
      metal.mark();
      run(device, decode, TOKENS);
      long messages = metal.messages().values().stream().mapToLong(Long::longValue).sum();
      double perToken = (double) messages / TOKENS;
      long allocated = leastAllocated(device, decode);
      double micros = leastMicros(device, decode);
      String cost =
          "%s, %d dispatches: %.2f messages, %.1f us, %d bytes"
              .formatted(encoder, dispatches, perToken, micros, allocated);
      assertThat(perToken)
          .as(cost)
          .isLessThanOrEqualTo(encoder == Encoder.ICB ? 20 : 8.0 * dispatches);
      assertThat(allocated).as("bytes over %d tokens; %s", TOKENS, cost).isZero();
      assertThat(micros).as(cost).isLessThan(encoder == Encoder.ICB ? 30 : 600);
    }
  }

  private static void emit(Plan plan, MetalReplay device) {
    for (int i = 0; i < plan.buffers().size(); i++) {
      if (plan.buffers().get(i) instanceof PlanBuffer.State) {
        device.buffer(i).set(ValueLayout.JAVA_INT, StepState.ACTIVE, 1);
      }
    }
  }

  /** As a generation does: the oldest is awaited while others are under way. */
  private static void run(MetalReplay device, int decode, int tokens) {
    long last = 0;
    for (int i = 0; i < tokens; i++) {
      last = device.submit(decode);
      device.await(last - DEPTH + 1);
    }
    device.await(last);
  }

  private static long leastAllocated(MetalReplay device, int decode) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5 && least > 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      run(device, decode, TOKENS);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  /** Microseconds of submitting and awaiting one token: the median of the best round. */
  private static double leastMicros(MetalReplay device, int decode) {
    double least = Double.MAX_VALUE;
    for (int round = 0; round < 3; round++) {
      long[] nanos = new long[TOKENS];
      for (int i = 0; i < TOKENS; i++) {
        long start = System.nanoTime();
        long run = device.submit(decode);
        nanos[i] = System.nanoTime() - start;
        device.await(run);
      }
      Arrays.sort(nanos);
      least = Math.min(least, nanos[TOKENS / 2] / 1e3);
    }
    return least;
  }

  private List<MemorySegment> holes(ModelSource shape, Arena arena) throws IOException {
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
}

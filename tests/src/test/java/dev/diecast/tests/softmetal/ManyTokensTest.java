package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.bindings.metal.CommandBuffer;
import dev.diecast.bindings.metal.ComputePipeline;
import dev.diecast.bindings.metal.DispatchType;
import dev.diecast.bindings.metal.MetalBuffer;
import dev.diecast.bindings.metal.SharedEvent;
import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.Block;
import dev.diecast.bindings.objc.MetalException;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Long runs, several in flight and from several threads: nothing is lost and nothing is left. */
@ExtendWith(NeedsSoftMetal.class)
class ManyTokensTest {
  private static final int TOKENS = 1_000;
  private static final int IN_FLIGHT = 7;
  private static final int THREADS = 3;

  private final SoftMetal metal = SoftMetal.load();
  private final Map<String, Long> before = metal.liveObjects();

  private void assertNothingLeft() {
    metal.settle();
    assertThat(metal.findings()).isEmpty();
    assertThat(metal.liveObjects()).isEqualTo(before);
  }

  @Test
  void aThousandCommandBuffersLeaveNothing() {
    AtomicInteger completed = new AtomicInteger();
    try (Gpu gpu = new Gpu();
        Block block = new Block(_ -> completed.incrementAndGet());
        AutoreleasePool _ = new AutoreleasePool()) {
      ComputePipeline addOne = gpu.pipeline("add_one", false);
      MetalBuffer x = gpu.counting();
      SharedEvent event = gpu.keep(SharedEvent.create(gpu.device));
      Map<String, Long> atFirst = metal.liveObjects();
      for (int token = 1; token <= TOKENS; token++) {
        long pool = AutoreleasePool.pushed();
        long commands = gpu.queue.commandBufferWithUnretainedReferences();
        CommandBuffer.addCompletedHandler(commands, block);
        gpu.encode(commands, DispatchType.CONCURRENT, encoder -> gpu.dispatch(encoder, addOne, x));
        CommandBuffer.signal(commands, event, token);
        CommandBuffer.commit(commands);
        AutoreleasePool.pop(pool);
        assertThat(event.await(Math.max(0, token - IN_FLIGHT), 5_000)).isTrue();
      }
      metal.settle();
      assertThat(x.contents().getAtIndex(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(TOKENS);
      assertThat(completed).hasValue(TOKENS);
      assertThat(metal.liveObjects()).isEqualTo(atFirst);
    }
    assertNothingLeft();
  }

  @Test
  void threadsDoNotDisturbEachOther() throws InterruptedException, ExecutionException {
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      var runs =
          IntStream.range(0, THREADS)
              .mapToObj(_ -> threads.submit(ManyTokensTest::hundredTokens))
              .toList();
      for (Future<Float> run : runs) {
        assertThat(run.get()).isEqualTo(100f);
      }
    }
    assertNothingLeft();
  }

  private static float hundredTokens() {
    try (AutoreleasePool _ = new AutoreleasePool();
        Gpu gpu = new Gpu()) {
      ComputePipeline addOne = gpu.pipeline("add_one", false);
      MetalBuffer x = gpu.counting();
      for (int token = 0; token < 100; token++) {
        try (AutoreleasePool _ = new AutoreleasePool()) {
          Optional<MetalException> failure =
              gpu.run(DispatchType.SERIAL, encoder -> gpu.dispatch(encoder, addOne, x));
          assertThat(failure).isEmpty();
        }
      }
      return Gpu.floats(x)[0];
    }
  }
}

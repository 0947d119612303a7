package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.bindings.metal.ArgumentTable4;
import dev.diecast.bindings.metal.ComputeEncoder4;
import dev.diecast.bindings.metal.ComputePipeline;
import dev.diecast.bindings.metal.CounterHeap4;
import dev.diecast.bindings.metal.MetalBuffer;
import dev.diecast.bindings.metal.SharedEvent;
import dev.diecast.bindings.metal.TimestampGranularity4;
import dev.diecast.bindings.objc.AutoreleasePool;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Queues of Metal 4: feedback, events, timestamps, command buffers that are used again. */
@ExtendWith(NeedsSoftMetal.class)
class Metal4Test {
  private static final long TIMEOUT = 2;
  private static final long TIMEOUT_OF_QUEUES = 1;

  private final SoftMetal metal = SoftMetal.load();
  private final Map<String, Long> before = metal.liveObjects();
  private AutoreleasePool pool;
  private Gpu gpu;
  private Gpu4 gpu4;
  private ComputePipeline addOne;
  private MetalBuffer x;
  private ArgumentTable4 table;

  @BeforeEach
  void open() {
    pool = new AutoreleasePool();
    gpu = new Gpu();
    gpu4 = new Gpu4(gpu);
    addOne = gpu.pipeline("add_one", false);
    x = gpu.counting();
    table = gpu4.table(x);
    gpu4.reside(x);
  }

  @AfterEach
  void nothingIsBrokenOrLeft() {
    gpu.close();
    pool.close();
    metal.settle();
    assertThat(metal.findings()).isEmpty();
    assertThat(metal.liveObjects()).isEqualTo(before);
  }

  @Test
  void aCommandBufferIsUsedAgain() {
    for (int token = 0; token < 20; token++) {
      gpu4.commit(encoder -> gpu4.dispatch(encoder, addOne, table));
      assertThat(gpu4.await()).isTrue();
      gpu4.allocator.reset();
    }
    assertThat(Gpu.floats(x)[0]).isEqualTo(20);
  }

  @Test
  void feedbackHasTheErrorOfTheQueue() {
    metal.inject("commit:count:options:", 1, new Fault.Gpu(TIMEOUT));
    assertThat(gpu4.run(encoder -> gpu4.dispatch(encoder, addOne, table)))
        .hasValueSatisfying(e -> {
          assertThat(e.domain()).isEqualTo("MTL4CommandQueueErrorDomain");
          assertThat(e.code()).isEqualTo(TIMEOUT_OF_QUEUES);
        });
    assertThat(Gpu.floats(x)[0]).isZero();
    assertThat(gpu4.run(encoder -> gpu4.dispatch(encoder, addOne, table))).isEmpty();
    assertThat(Gpu.floats(x)[0]).isEqualTo(1);
  }

  @Test
  void aQueueWaitsForEvents() {
    SharedEvent go = gpu.keep(SharedEvent.create(gpu.device));
    gpu4.queue.await(go, 1);
    gpu4.commit(encoder -> gpu4.dispatch(encoder, addOne, table));
    assertThat(gpu4.done.await(1, 50)).isFalse();
    go.setValue(1);
    assertThat(gpu4.await()).isTrue();
    assertThat(Gpu.floats(x)[0]).isEqualTo(1);
  }

  @Test
  void timestampsSurroundADispatch() {
    CounterHeap4 heap = gpu.keep(CounterHeap4.create(gpu.device, 2));
    assertThat(
            gpu4.run(encoder -> {
              ComputeEncoder4.writeTimestamp(encoder, TimestampGranularity4.PRECISE, heap, 0);
              gpu4.dispatch(encoder, addOne, table);
              ComputeEncoder4.writeTimestamp(encoder, TimestampGranularity4.PRECISE, heap, 1);
            }))
        .isEmpty();
    long[] times = heap.timestamps(0, 2);
    assertThat(times[0]).isPositive().isLessThan(times[1]);
    assertThat(gpu.device.timestampFrequency()).isEqualTo(1_000_000_000L);
  }
}

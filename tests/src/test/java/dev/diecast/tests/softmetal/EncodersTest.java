package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.bindings.metal.ArgumentTable4;
import dev.diecast.bindings.metal.BarrierScope;
import dev.diecast.bindings.metal.ComputeCommandEncoder;
import dev.diecast.bindings.metal.ComputeEncoder4;
import dev.diecast.bindings.metal.ComputePipeline;
import dev.diecast.bindings.metal.DispatchType;
import dev.diecast.bindings.metal.IndirectCommandBuffer;
import dev.diecast.bindings.metal.MetalBuffer;
import dev.diecast.bindings.objc.AutoreleasePool;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The three ways to encode. "Double, then add one" and "add one, then double" differ, so that the
 * numbers tell the order.
 */
@ExtendWith(NeedsSoftMetal.class)
class EncodersTest {
  private static final int SEEDS = 16;
  private static final float DOUBLED_FIRST = 2 * 5 + 1;

  private final SoftMetal metal = SoftMetal.load();
  private final Map<String, Long> before = metal.liveObjects();
  private AutoreleasePool pool;
  private Gpu gpu;
  private ComputePipeline doubled;
  private ComputePipeline addOne;

  @BeforeEach
  void open() {
    pool = new AutoreleasePool();
    gpu = new Gpu();
    doubled = gpu.pipeline("doubled", true);
    addOne = gpu.pipeline("add_one", true);
  }

  @AfterEach
  void nothingIsBrokenOrLeft() {
    gpu.close();
    pool.close();
    metal.settle();
    assertThat(metal.findings()).isEmpty();
    assertThat(metal.liveObjects()).isEqualTo(before);
  }

  private interface Run {
    /** What the fifth number became. */
    float once();
  }

  private Set<Float> results(Run run) {
    Set<Float> results = new HashSet<>();
    for (int seed = 1; seed <= SEEDS; seed++) {
      metal.set(Setting.SEED, seed);
      results.add(run.once());
    }
    return results;
  }

  private float direct(DispatchType type, boolean barrier) {
    MetalBuffer x = gpu.counting();
    assertThat(
            gpu.run(
                type,
                encoder -> {
                  gpu.dispatch(encoder, doubled, x);
                  if (barrier) {
                    ComputeCommandEncoder.barrier(encoder, BarrierScope.BUFFERS);
                  }
                  gpu.dispatch(encoder, addOne, x);
                }))
        .isEmpty();
    return Gpu.floats(x)[5];
  }

  @Test
  void aSerialEncoderKeepsTheOrder() {
    assertThat(results(() -> direct(DispatchType.SERIAL, false))).containsExactly(DOUBLED_FIRST);
  }

  @Test
  void aConcurrentEncoderKeepsTheOrderAtBarriersOnly() {
    assertThat(results(() -> direct(DispatchType.CONCURRENT, true))).containsExactly(DOUBLED_FIRST);
    assertThat(results(() -> direct(DispatchType.CONCURRENT, false))).hasSize(2);
  }

  private float indirect(boolean barrier) {
    MetalBuffer x = gpu.counting();
    IndirectCommandBuffer commands = gpu.indirect(2);
    gpu.command(commands, 0, doubled, x, false);
    gpu.command(commands, 1, addOne, x, barrier);
    assertThat(gpu.execute(commands, x)).isEmpty();
    return Gpu.floats(x)[5];
  }

  @Test
  void indirectCommandsKeepTheOrderAtBarriersOnly() {
    assertThat(results(() -> indirect(true))).containsExactly(DOUBLED_FIRST);
    assertThat(results(() -> indirect(false))).hasSize(2);
  }

  @Test
  void indirectCommandsAreExecutedAgain() {
    MetalBuffer x = gpu.counting();
    IndirectCommandBuffer commands = gpu.indirect(1);
    gpu.command(commands, 0, addOne, x, false);
    for (int i = 0; i < 3; i++) {
      assertThat(gpu.execute(commands, x)).isEmpty();
    }
    assertThat(Gpu.floats(x)[5]).isEqualTo(5 + 3);
  }

  private float metal4(Gpu4 gpu4, boolean barrier) {
    MetalBuffer x = gpu.counting();
    gpu4.reside(x);
    ArgumentTable4 table = gpu4.table(x);
    assertThat(
            gpu4.run(encoder -> {
              gpu4.dispatch(encoder, doubled, table);
              if (barrier) {
                Gpu4.barrier(encoder);
              }
              gpu4.dispatch(encoder, addOne, table);
            }))
        .isEmpty();
    return Gpu.floats(x)[5];
  }

  @Test
  void metal4KeepsTheOrderAtBarriersOnly() {
    Gpu4 gpu4 = new Gpu4(gpu);
    assertThat(results(() -> metal4(gpu4, true))).containsExactly(DOUBLED_FIRST);
    assertThat(results(() -> metal4(gpu4, false))).hasSize(2);
  }

  @Test
  void metal4ExecutesIndirectCommands() {
    Gpu4 gpu4 = new Gpu4(gpu);
    MetalBuffer x = gpu.counting();
    IndirectCommandBuffer commands = gpu.indirect(2);
    gpu.command(commands, 0, doubled, x, false);
    gpu.command(commands, 1, addOne, x, true);
    gpu4.reside(x, commands);
    assertThat(gpu4.run(encoder -> ComputeEncoder4.execute(encoder, commands.id(), 0, 2)))
        .isEmpty();
    assertThat(Gpu.floats(x)[5]).isEqualTo(DOUBLED_FIRST);
  }
}

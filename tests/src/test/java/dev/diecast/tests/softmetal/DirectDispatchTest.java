package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.bindings.metal.CommandBuffer;
import dev.diecast.bindings.metal.CommandBufferStatus;
import dev.diecast.bindings.metal.ComputeCommandEncoder;
import dev.diecast.bindings.metal.ComputePipeline;
import dev.diecast.bindings.metal.DispatchType;
import dev.diecast.bindings.metal.MetalBuffer;
import dev.diecast.bindings.objc.AutoreleasePool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A dispatch from Java, through the bindings, to the host execution and back. */
@ExtendWith(NeedsSoftMetal.class)
class DirectDispatchTest {
  private final SoftMetal metal = SoftMetal.load();

  @Test
  void aDispatchComputesAndLeavesNothingBehind() {
    var before = metal.liveObjects();
    try (Gpu gpu = new Gpu()) {
      ComputePipeline add = gpu.pipeline("add", false);
      MetalBuffer x = gpu.counting();
      MetalBuffer y = gpu.counting();
      MetalBuffer amount = gpu.amount(0.5f);
      try (AutoreleasePool _ = new AutoreleasePool()) {
        long commands = gpu.queue.commandBuffer();
        long encoder = CommandBuffer.computeEncoder(commands, DispatchType.SERIAL);
        ComputeCommandEncoder.setPipeline(encoder, add.id());
        ComputeCommandEncoder.setBuffer(encoder, x.id(), 0, 0);
        ComputeCommandEncoder.setBuffer(encoder, y.id(), 0, 1);
        ComputeCommandEncoder.setBuffer(encoder, amount.id(), 0, 2);
        ComputeCommandEncoder.dispatch(encoder, gpu.sizes());
        ComputeCommandEncoder.end(encoder);
        CommandBuffer.commit(commands);
        CommandBuffer.waitUntilCompleted(commands);
        assertThat(CommandBuffer.failure(commands)).isEmpty();
        assertThat(CommandBuffer.status(commands)).isEqualTo(CommandBufferStatus.COMPLETED);
      }
      assertThat(Gpu.floats(y)[63]).isEqualTo(63.5f);
      assertThat(metal.counter("dispatches")).isPositive();
    }
    metal.settle();
    assertThat(metal.findings()).isEmpty();
    assertThat(metal.liveObjects()).isEqualTo(before);
  }
}

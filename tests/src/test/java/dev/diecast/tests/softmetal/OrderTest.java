package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.bindings.metal.CommandBuffer;
import dev.diecast.bindings.metal.ComputeCommandEncoder;
import dev.diecast.bindings.metal.ComputePipeline;
import dev.diecast.bindings.metal.DispatchType;
import dev.diecast.bindings.metal.MetalBuffer;
import dev.diecast.bindings.metal.MetalFence;
import dev.diecast.bindings.metal.ResourceOption;
import dev.diecast.bindings.metal.SharedEvent;
import dev.diecast.bindings.objc.AutoreleasePool;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What orders two encoders that write one untracked buffer, and what does not. */
@ExtendWith(NeedsSoftMetal.class)
class OrderTest {
  private static final String RULE = "unordered-encoders";

  private final SoftMetal metal = SoftMetal.load();
  private AutoreleasePool pool;
  private Gpu gpu;
  private ComputePipeline doubled;
  private MetalBuffer shared;
  private SharedEvent gate;

  @BeforeEach
  void open() {
    pool = new AutoreleasePool();
    gpu = new Gpu();
    doubled = gpu.pipeline("doubled", false);
    gate = gpu.gate();
    shared = gpu.keep(MetalBuffer.create(gpu.device, 256, ResourceOption.UNTRACKED.value()));
  }

  @AfterEach
  void close() {
    metal.settle();
    gpu.close();
    pool.close();
  }

  private List<String> rules() {
    metal.settle();
    return metal.findings().stream().map(Finding::rule).toList();
  }

  /** One that cannot be done before the gate opens. */
  private long held() {
    long commands = gpu.queue.commandBuffer();
    CommandBuffer.await(commands, gate, 1);
    return commands;
  }

  private void encode(long commands, MetalBuffer buffer) {
    gpu.encode(
        commands, DispatchType.CONCURRENT, encoder -> gpu.dispatch(encoder, doubled, buffer));
  }

  @Test
  void nothingOrdersTwoCommandBuffers() {
    for (int i = 0; i < 2; i++) {
      long commands = i == 0 ? held() : gpu.queue.commandBuffer();
      encode(commands, shared);
      CommandBuffer.commit(commands);
    }
    gate.setValue(1);
    assertThat(rules()).containsExactly(RULE);
  }

  @Test
  void theHostsWaitOrdersThem() {
    for (int i = 0; i < 2; i++) {
      long commands = gpu.queue.commandBuffer();
      encode(commands, shared);
      CommandBuffer.commit(commands);
      CommandBuffer.waitUntilCompleted(commands);
    }
    assertThat(rules()).isEmpty();
  }

  @Test
  void anEventThatTheHostAwaitsOrdersThem() {
    SharedEvent event = gpu.keep(SharedEvent.create(gpu.device));
    for (int i = 1; i <= 2; i++) {
      long commands = gpu.queue.commandBuffer();
      encode(commands, shared);
      CommandBuffer.signal(commands, event, i);
      CommandBuffer.commit(commands);
      assertThat(event.await(i, 5_000)).isTrue();
    }
    assertThat(rules()).isEmpty();
  }

  @Test
  void anEventThatTheGpuAwaitsOrdersThem() {
    SharedEvent event = gpu.keep(SharedEvent.create(gpu.device));
    for (int i = 0; i < 2; i++) {
      long commands = gpu.queue.commandBuffer();
      CommandBuffer.await(commands, event, i);
      encode(commands, shared);
      CommandBuffer.signal(commands, event, i + 1);
      CommandBuffer.commit(commands);
    }
    assertThat(rules()).isEmpty();
  }

  @Test
  void aFenceOrdersThem() {
    MetalFence fence = gpu.keep(MetalFence.create(gpu.device));
    for (int i = 0; i < 3; i++) {
      long commands = i == 0 ? held() : gpu.queue.commandBuffer();
      gpu.encode(
          commands,
          DispatchType.CONCURRENT,
          encoder -> {
            ComputeCommandEncoder.waitForFence(encoder, fence.id());
            gpu.dispatch(encoder, doubled, shared);
            ComputeCommandEncoder.updateFence(encoder, fence.id());
          });
      CommandBuffer.commit(commands);
    }
    gate.setValue(1);
    assertThat(rules()).isEmpty();
  }

  @Test
  void anotherFenceDoesNot() {
    MetalFence updated = gpu.keep(MetalFence.create(gpu.device));
    MetalFence awaited = gpu.keep(MetalFence.create(gpu.device));
    for (int i = 0; i < 2; i++) {
      long commands = i == 0 ? held() : gpu.queue.commandBuffer();
      gpu.encode(
          commands,
          DispatchType.CONCURRENT,
          encoder -> {
            ComputeCommandEncoder.waitForFence(encoder, awaited.id());
            gpu.dispatch(encoder, doubled, shared);
            ComputeCommandEncoder.updateFence(encoder, updated.id());
          });
      CommandBuffer.commit(commands);
    }
    gate.setValue(1);
    assertThat(rules()).containsExactly(RULE);
  }

  @Test
  void hazardTrackingOrdersThem() {
    MetalBuffer tracked = gpu.counting();
    for (int i = 0; i < 2; i++) {
      long commands = i == 0 ? held() : gpu.queue.commandBuffer();
      encode(commands, tracked);
      CommandBuffer.commit(commands);
    }
    gate.setValue(1);
    assertThat(rules()).isEmpty();
  }

  @Test
  void buffersThatShareNoMemoryNeedNoOrder() {
    MetalBuffer other =
        gpu.keep(MetalBuffer.create(gpu.device, 256, ResourceOption.UNTRACKED.value()));
    for (MetalBuffer buffer : List.of(shared, other)) {
      long commands = buffer.equals(shared) ? held() : gpu.queue.commandBuffer();
      encode(commands, buffer);
      CommandBuffer.commit(commands);
    }
    gate.setValue(1);
    assertThat(rules()).isEmpty();
  }
}

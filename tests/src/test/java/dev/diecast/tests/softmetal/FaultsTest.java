package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.bindings.metal.CommandBuffer;
import dev.diecast.bindings.metal.ComputeCommandEncoder;
import dev.diecast.bindings.metal.ComputePipeline;
import dev.diecast.bindings.metal.DispatchType;
import dev.diecast.bindings.metal.MetalBuffer;
import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.MetalException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Messages fail on demand, each in its way, and nothing is left behind. */
@ExtendWith(NeedsSoftMetal.class)
class FaultsTest {
  private static final long OUT_OF_MEMORY = 8;
  private static final long DEVICE_REMOVED = 11;

  /** Of MTLCommandEncoderErrorState. */
  private static final long COMPLETED = 1;

  private static final long PENDING = 3;
  private static final long FAULTED = 4;

  private final SoftMetal metal = SoftMetal.load();
  private final Map<String, Long> before = metal.liveObjects();

  /** Doubles numbers twice; what went wrong, at once or on the GPU. */
  private static Optional<MetalException> program() {
    try (AutoreleasePool _ = new AutoreleasePool();
        Gpu gpu = new Gpu()) {
      ComputePipeline doubled = gpu.pipeline("doubled", false);
      MetalBuffer x = gpu.counting();
      Optional<MetalException> failure =
          gpu.run(
              DispatchType.SERIAL,
              encoder -> {
                gpu.dispatch(encoder, doubled, x);
                ComputeCommandEncoder.dispatch(encoder, gpu.sizes());
              });
      if (failure.isEmpty()) {
        assertThat(Gpu.floats(x)[5]).isEqualTo(20);
      }
      return failure;
    } catch (MetalException e) {
      return Optional.of(e);
    }
  }

  private void assertNothingLeft() {
    metal.settle();
    assertThat(metal.findings()).isEmpty();
    assertThat(metal.liveObjects()).isEqualTo(before);
  }

  @Test
  void everyCallSiteFailsInTurn() {
    assertThat(program()).isEmpty();
    List<CallSite> sites = metal.callSites();
    assertThat(sites)
        .extracting(CallSite::selector)
        .contains(
            "newBufferWithLength:options:",
            "newLibraryWithSource:options:error:",
            "commandBuffer",
            "commit",
            "dispatchThreadgroups:threadsPerThreadgroup:");
    for (CallSite site : sites) {
      metal.reset();
      metal.inject(site);
      assertThat(program()).as("%s", site).isPresent();
      assertThat(metal.counter("faults")).isPositive();
      metal.injectNothing();
      assertNothingLeft();
    }
  }

  @Test
  void anErrorOfTheGpuHasMetalsCode() {
    metal.inject("dispatchThreadgroups:threadsPerThreadgroup:", 2, new Fault.Gpu(OUT_OF_MEMORY));
    assertThat(program())
        .hasValueSatisfying(e -> {
          assertThat(e.domain()).isEqualTo("MTLCommandBufferErrorDomain");
          assertThat(e.code()).isEqualTo(OUT_OF_MEMORY);
        });
    assertNothingLeft();
  }

  @Test
  void whatRanBeforeTheErrorIsDone() {
    metal.inject("dispatchThreadgroups:threadsPerThreadgroup:", 2, new Fault.Gpu(OUT_OF_MEMORY));
    try (AutoreleasePool _ = new AutoreleasePool();
        Gpu gpu = new Gpu()) {
      ComputePipeline doubled = gpu.pipeline("doubled", false);
      MetalBuffer x = gpu.counting();
      long commands = gpu.queue.commandBuffer();
      for (int i = 0; i < 3; i++) {
        gpu.encode(commands, DispatchType.SERIAL, encoder -> gpu.dispatch(encoder, doubled, x));
      }
      CommandBuffer.commit(commands);
      CommandBuffer.waitUntilCompleted(commands);
      assertThat(CommandBuffer.failure(commands)).isPresent();
      assertThat(Gpu.floats(x)[5]).isEqualTo(10);
    }
    assertNothingLeft();
  }

  @Test
  void theErrorSaysWhichEncoderFaulted() {
    metal.inject("dispatchThreadgroups:threadsPerThreadgroup:", 2, new Fault.Gpu(OUT_OF_MEMORY));
    try (AutoreleasePool _ = new AutoreleasePool();
        Gpu gpu = new Gpu()) {
      ComputePipeline doubled = gpu.pipeline("doubled", false);
      MetalBuffer x = gpu.counting();
      long descriptor = Raw.newObject("MTLCommandBufferDescriptor");
      Raw.send(descriptor, "setErrorOptions:", 1);
      long commands = Raw.send(gpu.queue.id(), "commandBufferWithDescriptor:", descriptor);
      Raw.send(descriptor, "release");
      for (int i = 0; i < 3; i++) {
        gpu.encode(commands, DispatchType.SERIAL, encoder -> gpu.dispatch(encoder, doubled, x));
      }
      CommandBuffer.commit(commands);
      CommandBuffer.waitUntilCompleted(commands);
      long infos =
          Raw.send(
              Raw.send(Raw.send(commands, "error"), "userInfo"),
              "objectForKey:",
              Raw.string("MTLCommandBufferEncoderInfoErrorKey"));
      assertThat(
              LongStream.range(0, Raw.send(infos, "count"))
                  .map(i -> Raw.send(Raw.send(infos, "objectAtIndex:", i), "errorState")))
          .containsExactly(COMPLETED, FAULTED, PENDING);
    }
    assertNothingLeft();
  }

  @Test
  void aLostDeviceStaysLost() {
    metal.inject("commit", 1, new Fault.DeviceLost());
    assertThat(program()).hasValueSatisfying(e -> assertThat(e.code()).isEqualTo(DEVICE_REMOVED));
    metal.injectNothing();
    assertThat(program()).hasValueSatisfying(e -> assertThat(e.code()).isEqualTo(DEVICE_REMOVED));
    metal.reset();
    assertThat(program()).isEmpty();
    assertNothingLeft();
  }

  @Test
  void theGpuTakesItsTime() {
    metal.inject("commit", 1, new Fault.Delay(300));
    long start = System.nanoTime();
    assertThat(program()).isEmpty();
    assertThat(System.nanoTime() - start).isGreaterThan(300_000_000L);
  }

  @Test
  void noDeviceIsAClearError() {
    metal.inject("MTLCreateSystemDefaultDevice", 1, new Fault.Call());
    assertThatThrownBy(() -> new Gpu().close())
        .isInstanceOf(MetalException.class)
        .hasMessageContaining("no GPU");
  }
}

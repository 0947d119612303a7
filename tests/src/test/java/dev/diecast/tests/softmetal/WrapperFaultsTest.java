package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.bindings.metal.ArgumentTable4;
import dev.diecast.bindings.metal.BinaryArchive;
import dev.diecast.bindings.metal.CaptureManager;
import dev.diecast.bindings.metal.CommandAllocator4;
import dev.diecast.bindings.metal.CommandBuffer;
import dev.diecast.bindings.metal.CommandBuffer4;
import dev.diecast.bindings.metal.CommandQueue;
import dev.diecast.bindings.metal.CommandQueue4;
import dev.diecast.bindings.metal.CompileOptions;
import dev.diecast.bindings.metal.ComputeCommandEncoder;
import dev.diecast.bindings.metal.ComputeEncoder4;
import dev.diecast.bindings.metal.ComputePassDescriptor;
import dev.diecast.bindings.metal.ComputePipeline;
import dev.diecast.bindings.metal.ComputePipelineDescriptor;
import dev.diecast.bindings.metal.CounterHeap4;
import dev.diecast.bindings.metal.CounterSampleBuffer;
import dev.diecast.bindings.metal.CounterSet;
import dev.diecast.bindings.metal.DispatchType;
import dev.diecast.bindings.metal.FunctionConstants;
import dev.diecast.bindings.metal.HazardTrackingMode;
import dev.diecast.bindings.metal.HeapDescriptor;
import dev.diecast.bindings.metal.HeapType;
import dev.diecast.bindings.metal.IndirectCommandBuffer;
import dev.diecast.bindings.metal.LanguageVersion;
import dev.diecast.bindings.metal.MathFunctions;
import dev.diecast.bindings.metal.MathMode;
import dev.diecast.bindings.metal.Metal;
import dev.diecast.bindings.metal.MetalBuffer;
import dev.diecast.bindings.metal.MetalDevice;
import dev.diecast.bindings.metal.MetalFence;
import dev.diecast.bindings.metal.MetalFunction;
import dev.diecast.bindings.metal.MetalHeap;
import dev.diecast.bindings.metal.MetalLibrary;
import dev.diecast.bindings.metal.PipelineOption;
import dev.diecast.bindings.metal.ResidencySet;
import dev.diecast.bindings.metal.SharedEvent;
import dev.diecast.bindings.metal.StorageMode;
import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.bindings.posix.PageSize;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a wrapper asks for may be refused: that names the message, and leaves nothing behind.
 */
@ExtendWith(NeedsSoftMetal.class)
class WrapperFaultsTest {
  private static final CompileOptions OPTIONS =
      new CompileOptions(LanguageVersion.V3_0, MathMode.SAFE, MathFunctions.PRECISE);
  private static final String SOURCE =
      "#include <metal_stdlib>\nkernel void k(device float* x [[buffer(0)]]) { x[0] = 1; }\n";

  private final SoftMetal metal = SoftMetal.load();

  @TempDir private Path folder;

  @Test
  void memory() {
    everyRefusalIsClear(() -> {
      HeapDescriptor settings =
          new HeapDescriptor(
              1 << 16, StorageMode.SHARED, HazardTrackingMode.UNTRACKED, HeapType.AUTOMATIC);
      try (Arena arena = Arena.ofConfined();
          MetalDevice device = Metal.defaultDevice();
          MetalHeap heap = MetalHeap.create(device, settings);
          MetalBuffer part = heap.newBuffer(256, 0x100);
          MetalBuffer own = MetalBuffer.create(device, 256, 0);
          MetalBuffer over =
              MetalBuffer.noCopy(device, arena.allocate(PageSize.bytes(), PageSize.bytes()), 0);
          ResidencySet set = ResidencySet.create(device, 1)) {
        own.setLabel("own");
        set.add(part);
        assertThat(over.contents().byteSize()).isEqualTo(PageSize.bytes());
      }
    });
  }

  @Test
  void pipelines() {
    Path file = folder.resolve("k.bin");
    everyRefusalIsClear(() -> {
      try (MetalDevice device = Metal.defaultDevice();
          MetalLibrary library = MetalLibrary.compile(device, SOURCE, OPTIONS);
          FunctionConstants constants = FunctionConstants.create();
          MetalFunction function = library.function("k", constants);
          MetalFunction plain = library.function("k");
          BinaryArchive archive = BinaryArchive.empty(device)) {
        assertThat(library.functionNames()).containsExactly(plain.name());
        archive.add(new ComputePipelineDescriptor(function, "k", 0, true, List.of()));
        archive.save(file);
        try (BinaryArchive saved = BinaryArchive.load(device, file);
            ComputePipeline pipeline =
                ComputePipeline.create(
                    device,
                    new ComputePipelineDescriptor(function, "k", 32, true, List.of(saved)),
                    PipelineOption.NONE)) {
          assertThat(pipeline.maxTotalThreadsPerThreadgroup()).isEqualTo(32);
        }
      }
    });
  }

  @Test
  void commands() {
    everyRefusalIsClear(() -> {
      try (MetalDevice device = Metal.defaultDevice();
          CommandQueue queue = CommandQueue.create(device, 4);
          MetalFence fence = MetalFence.create(device);
          SharedEvent event = SharedEvent.create(device);
          IndirectCommandBuffer indirect = IndirectCommandBuffer.create(device, 1, 1, 1, 0);
          AutoreleasePool _ = new AutoreleasePool()) {
        assertThat(indirect.command(0)).isNotZero();
        long commands = queue.commandBuffer();
        long encoder = CommandBuffer.computeEncoder(commands, DispatchType.CONCURRENT);
        ComputeCommandEncoder.updateFence(encoder, fence.id());
        ComputeCommandEncoder.end(encoder);
        CommandBuffer.signal(commands, event, 1);
        CommandBuffer.commit(commands);
        CommandBuffer.waitUntilCompleted(commands);
        CommandBuffer.failure(commands)
            .ifPresent(e -> {
              throw e;
            });
        assertThat(queue.commandBufferWithUnretainedReferences()).isNotZero();
      }
    });
  }

  @Test
  void measuring() {
    everyRefusalIsClear(() -> {
      try (MetalDevice device = Metal.defaultDevice();
          CommandQueue queue = CommandQueue.create(device, 4);
          CounterSet counters = counters(device);
          CounterSampleBuffer samples = CounterSampleBuffer.create(device, counters, 2);
          AutoreleasePool _ = new AutoreleasePool()) {
        long pass = ComputePassDescriptor.sampling(DispatchType.SERIAL, samples, 0, 1);
        long commands = queue.commandBuffer();
        ComputeCommandEncoder.end(CommandBuffer.computeEncoder(commands, pass));
        finish(commands);
        assertThat(samples.timestamps(0, 2)).hasSize(2);
      }
    });
    metal.set(Setting.CAPTURE, 1);
    int[] captures = {0};
    everyRefusalIsClear(() -> {
      try (MetalDevice device = Metal.defaultDevice()) {
        CaptureManager.start(device, folder.resolve(captures[0]++ + ".gputrace"));
        CaptureManager.stop();
      }
    });
  }

  @Test
  void metal4() {
    everyRefusalIsClear(() -> {
      try (MetalDevice device = Metal.defaultDevice();
          CommandQueue4 queue = CommandQueue4.create(device);
          CommandAllocator4 allocator = CommandAllocator4.create(device);
          CommandBuffer4 commands = CommandBuffer4.create(device);
          ArgumentTable4 table = ArgumentTable4.create(device, 4);
          CounterHeap4 heap = CounterHeap4.create(device, 2);
          AutoreleasePool _ = new AutoreleasePool()) {
        assertThat(List.of(queue.id(), table.id(), heap.id())).doesNotContain(0L);
        commands.begin(allocator);
        ComputeEncoder4.end(commands.computeEncoder());
        commands.end();
      }
    });
  }

  private static void finish(long commands) {
    CommandBuffer.commit(commands);
    CommandBuffer.waitUntilCompleted(commands);
    Optional<MetalException> failure = CommandBuffer.failure(commands);
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  /** The first of the GPU's counter sets; that it has none is no failure of Metal's. */
  private static CounterSet counters(MetalDevice device) {
    List<CounterSet> sets = CounterSet.all(device);
    if (sets.isEmpty()) {
      throw new MetalException("-[MTLDevice counterSets] lists none");
    }
    sets.stream().skip(1).forEach(CounterSet::close);
    return sets.getFirst();
  }

  private void everyRefusalIsClear(Runnable use) {
    use.run(); // what lives for the process is there now
    metal.settle();
    var before = metal.liveObjects();
    metal.mark();
    use.run();
    List<CallSite> sites = metal.callSites();
    assertThat(sites).isNotEmpty();
    for (CallSite site : sites) {
      metal.mark();
      metal.inject(site);
      assertThatThrownBy(use::run, site.toString())
          .isInstanceOf(MetalException.class)
          .hasMessageMatching(
              "(?s).*([+-]\\[\\w+ "
                  + site.selector()
                  + "\\]|command buffer|no GPU|has no function).*");
      metal.injectNothing();
      metal.settle();
      assertThat(metal.liveObjects()).as(site.toString()).isEqualTo(before);
    }
    assertThat(metal.findings()).isEmpty();
  }
}

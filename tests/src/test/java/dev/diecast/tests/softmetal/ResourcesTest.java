package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.bindings.metal.BinaryArchive;
import dev.diecast.bindings.metal.CaptureDestination;
import dev.diecast.bindings.metal.CaptureManager;
import dev.diecast.bindings.metal.CommandBuffer;
import dev.diecast.bindings.metal.CommandBufferStatus;
import dev.diecast.bindings.metal.ComputeCommandEncoder;
import dev.diecast.bindings.metal.ComputePassDescriptor;
import dev.diecast.bindings.metal.ComputePipeline;
import dev.diecast.bindings.metal.ComputePipelineDescriptor;
import dev.diecast.bindings.metal.CounterSampleBuffer;
import dev.diecast.bindings.metal.CounterSet;
import dev.diecast.bindings.metal.DataType;
import dev.diecast.bindings.metal.DispatchType;
import dev.diecast.bindings.metal.FunctionConstants;
import dev.diecast.bindings.metal.GpuFamily;
import dev.diecast.bindings.metal.HazardTrackingMode;
import dev.diecast.bindings.metal.HeapDescriptor;
import dev.diecast.bindings.metal.HeapType;
import dev.diecast.bindings.metal.MetalBuffer;
import dev.diecast.bindings.metal.MetalFunction;
import dev.diecast.bindings.metal.MetalHeap;
import dev.diecast.bindings.metal.MetalLibrary;
import dev.diecast.bindings.metal.PipelineOption;
import dev.diecast.bindings.metal.SharedEvent;
import dev.diecast.bindings.metal.StorageMode;
import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.Block;
import dev.diecast.bindings.objc.DispatchSizes;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.bindings.objc.ProcessInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What else there is on a device: archives, heaps, events, counters, captures, versions. */
@ExtendWith(NeedsSoftMetal.class)
class ResourcesTest {
  @TempDir Path folder;

  private final SoftMetal metal = SoftMetal.load();
  private final Map<String, Long> before = metal.liveObjects();
  private AutoreleasePool pool;
  private Gpu gpu;

  @BeforeEach
  void open() {
    pool = new AutoreleasePool();
    gpu = new Gpu();
  }

  @AfterEach
  void nothingIsBrokenOrLeft() {
    gpu.close();
    pool.close();
    metal.settle();
    assertThat(metal.findings()).isEmpty();
    assertThat(metal.liveObjects()).isEqualTo(before);
  }

  private Path savedArchive() {
    Path file = folder.resolve("pipelines.archive");
    try (BinaryArchive archive = BinaryArchive.empty(gpu.device);
        MetalFunction function = gpu.library.function("doubled")) {
      archive.add(new ComputePipelineDescriptor(function, "doubled", 0, false, List.of()));
      archive.save(file);
    }
    return file;
  }

  private ComputePipeline fromArchive(Path file, String kernel) {
    try (BinaryArchive archive = BinaryArchive.load(gpu.device, file);
        MetalFunction function = gpu.library.function(kernel)) {
      return ComputePipeline.create(
          gpu.device,
          new ComputePipelineDescriptor(function, kernel, 0, false, List.of(archive)),
          PipelineOption.FAIL_ON_BINARY_ARCHIVE_MISS);
    }
  }

  @Test
  void anArchiveIsFoundAgain() {
    Path file = savedArchive();
    fromArchive(file, "doubled").close();
    assertThatThrownBy(() -> fromArchive(file, "add_one"))
        .isInstanceOf(MetalException.class)
        .hasMessageContaining("no archive holds this pipeline");
  }

  @Test
  void aDamagedArchiveIsRefused() throws IOException {
    Path file = savedArchive();
    String text = Files.readString(file);
    Files.writeString(file, text.replaceFirst("pipeline .", "pipeline 0"));
    assertThatThrownBy(() -> fromArchive(file, "doubled"))
        .isInstanceOf(MetalException.class)
        .hasMessageContaining("damaged");
    Files.writeString(file, "rubbish");
    assertThatThrownBy(() -> fromArchive(file, "doubled")).hasMessageContaining("no archive");
  }

  @Test
  void anArchiveOfAnotherSystemIsRefused() {
    Path file = savedArchive();
    metal.set(Setting.OS_MINOR, 1);
    assertThatThrownBy(() -> fromArchive(file, "doubled"))
        .isInstanceOf(MetalException.class)
        .hasMessageContaining("another GPU or OS");
  }

  @Test
  void textThatDoesNotCompileIsAnError() {
    assertThatThrownBy(() ->
            MetalLibrary.load(gpu.device, Files.writeString(folder.resolve("a"), "no library")))
        .isInstanceOf(MetalException.class);
    assertThatThrownBy(() -> gpu.library.function("missing")).isInstanceOf(MetalException.class);
    assertThat(gpu.library.functionNames()).contains("add", "doubled", "reversed");
  }

  @Test
  void aCompiledLibraryIsLoaded() throws IOException {
    Path file = folder.resolve("kernels.metallib");
    Files.writeString(
        file,
        """
        SOFTMETALLIB
        kernel void nothing(device float* x [[buffer(0)]], uint i [[thread_position_in_grid]]) {
          x[i] = 0;
        }
        """);
    try (MetalLibrary library = MetalLibrary.load(gpu.device, file)) {
      assertThat(library.functionNames()).containsExactly("nothing");
    }
  }

  @Test
  void functionConstantsReachTheKernel() {
    FunctionConstants constants = gpu.keep(FunctionConstants.create());
    constants.set("STEP", DataType.UINT, 40);
    ComputePipeline stepped = gpu.stepped(constants);
    MetalBuffer x = gpu.counting();
    gpu.run(DispatchType.SERIAL, encoder -> gpu.dispatch(encoder, stepped, x));
    assertThat(Gpu.floats(x)[2]).isEqualTo(42);
  }

  @Test
  void threadgroupMemoryReachesTheKernel() {
    ComputePipeline reversed = gpu.pipeline("reversed", false);
    MetalBuffer x = gpu.counting();
    gpu.run(
        DispatchType.SERIAL,
        encoder -> {
          ComputeCommandEncoder.setThreadgroupMemory(encoder, 128, 0);
          ComputeCommandEncoder.setPipeline(encoder, reversed.id());
          ComputeCommandEncoder.setBuffer(encoder, x.id(), 0, 0);
          ComputeCommandEncoder.dispatch(encoder, new DispatchSizes(gpu.arena, 1, 1, 1, 32, 1, 1));
        });
    assertThat(Gpu.floats(x)[0]).isEqualTo(31);
  }

  private MetalHeap heap(HeapType type, long size) {
    return gpu.keep(
        MetalHeap.create(
            gpu.device,
            new HeapDescriptor(size, StorageMode.SHARED, HazardTrackingMode.DEFAULT, type)));
  }

  @Test
  void aHeapFindsPlaces() {
    MetalHeap heap = heap(HeapType.AUTOMATIC, 4096);
    MetalBuffer first = heap.newBuffer(1000, 0);
    MetalBuffer second = heap.newBuffer(1000, 0);
    assertThat(first.heapOffset()).isZero();
    assertThat(second.heapOffset()).isEqualTo(1024);
    assertThat(heap.usedSize()).isEqualTo(2048);
    assertThat(heap.maxAvailableSize(256)).isEqualTo(2048);
    assertThatThrownBy(() -> heap.newBuffer(2049, 0)).isInstanceOf(MetalException.class);
    first.close();
    MetalBuffer third = heap.newBuffer(500, 0);
    assertThat(third.heapOffset()).isZero();
    third.close();
    second.close();
  }

  @Test
  void whatAHeapGivesIsNotCleared() {
    MetalHeap heap = heap(HeapType.PLACEMENT, 4096);
    MetalBuffer buffer = gpu.keep(heap.newBuffer(256, 0, 512));
    assertThat(Gpu.floats(buffer)).doesNotContain(0f);
    assertThat(Gpu.floats(gpu.keep(MetalBuffer.create(gpu.device, 256, 0)))).containsOnly(0f);
  }

  @Test
  void eventsTellTheHost() {
    SharedEvent event = gpu.keep(SharedEvent.create(gpu.device));
    long commands = gpu.queue.commandBuffer();
    CommandBuffer.signal(commands, event, 7);
    CommandBuffer.commit(commands);
    assertThat(event.await(7, 5_000)).isTrue();
    assertThat(event.value()).isEqualTo(7);
    assertThat(event.await(8, 20)).isFalse();
  }

  @Test
  void handlersAreCalledBeforeTheWaitEnds() {
    AtomicLong called = new AtomicLong();
    try (Block block = new Block(called::set)) {
      long commands = gpu.queue.commandBuffer();
      CommandBuffer.addCompletedHandler(commands, block);
      CommandBuffer.commit(commands);
      CommandBuffer.waitUntilCompleted(commands);
      assertThat(called.get()).isEqualTo(commands);
      assertThat(CommandBuffer.gpuEndTime(commands))
          .isGreaterThanOrEqualTo(CommandBuffer.gpuStartTime(commands));
    }
  }

  @Test
  void encodersAreTimed() {
    CounterSet set = gpu.keep(CounterSet.all(gpu.device).getFirst());
    assertThat(set.name()).isEqualTo(CounterSet.TIMESTAMP);
    CounterSampleBuffer samples = gpu.keep(CounterSampleBuffer.create(gpu.device, set, 2));
    ComputePipeline doubled = gpu.pipeline("doubled", false);
    MetalBuffer x = gpu.counting();
    long commands = gpu.queue.commandBuffer();
    long encoder =
        CommandBuffer.computeEncoder(
            commands, ComputePassDescriptor.sampling(DispatchType.SERIAL, samples, 0, 1));
    gpu.dispatch(encoder, doubled, x);
    ComputeCommandEncoder.end(encoder);
    CommandBuffer.commit(commands);
    CommandBuffer.waitUntilCompleted(commands);
    long[] times = samples.timestamps(0, 2);
    assertThat(times[0]).isPositive().isLessThan(times[1]);
  }

  @Test
  void aCaptureLeavesAFolder() {
    Path trace = folder.resolve("run.gputrace");
    assertThat(CaptureManager.supports(CaptureDestination.GPU_TRACE_DOCUMENT)).isTrue();
    CaptureManager.start(gpu.queue, trace);
    assertThat(CaptureManager.isCapturing()).isTrue();
    CaptureManager.stop();
    assertThat(trace.resolve("metadata")).exists();
    metal.set(Setting.CAPTURE, 0);
    assertThatThrownBy(() -> CaptureManager.start(gpu.queue, folder.resolve("b.gputrace")))
        .isInstanceOf(MetalException.class)
        .hasMessageContaining("not supported");
  }

  @Test
  void itIsTheSystemThatItIsToldToBe() {
    metal.set(Setting.OS_MAJOR, 14).set(Setting.OS_MINOR, 5).set(Setting.FAMILY, 1007);
    metal.setDeviceName("Software M1");
    assertThat(ProcessInfo.osVersion()).hasToString("14.5.0");
    assertThat(gpu.device.name()).isEqualTo("Software M1");
    assertThat(gpu.device.supports(GpuFamily.APPLE7)).isTrue();
    assertThat(gpu.device.supports(GpuFamily.APPLE9)).isFalse();
    assertThat(gpu.device.supportsResidencySets()).isFalse();
    assertThat(gpu.device.supportsMetal4()).isFalse();
    metal.set(Setting.OS_MAJOR, 26);
    assertThat(gpu.device.supportsResidencySets()).isTrue();
    assertThat(gpu.device.supportsMetal4()).isTrue();
  }

  @Test
  void theNullMetalRunsNothingAndAnswersAllTheSame() {
    ComputePipeline doubled = gpu.pipeline("doubled", false);
    MetalBuffer x = gpu.counting();
    SharedEvent event = gpu.keep(SharedEvent.create(gpu.device));
    long dispatches = metal.counter("dispatches");
    metal.set(Setting.NULL_MODE, 1);
    long commands = gpu.queue.commandBuffer();
    gpu.encode(commands, DispatchType.SERIAL, encoder -> gpu.dispatch(encoder, doubled, x));
    CommandBuffer.signal(commands, event, 1);
    CommandBuffer.commit(commands);
    CommandBuffer.waitUntilCompleted(commands);
    assertThat(CommandBuffer.status(commands)).isEqualTo(CommandBufferStatus.COMPLETED);
    assertThat(event.value()).isEqualTo(1);
    assertThat(metal.counter("dispatches")).isEqualTo(dispatches);
    metal.set(Setting.NULL_MODE, 0);
  }

  @Test
  void messagesAreCounted() {
    metal.mark();
    gpu.device.maxBufferLength();
    gpu.device.maxBufferLength();
    assertThat(metal.messages()).containsExactly(Map.entry("maxBufferLength", 2L));
    metal.mark();
    assertThat(metal.messages()).isEmpty();
  }
}

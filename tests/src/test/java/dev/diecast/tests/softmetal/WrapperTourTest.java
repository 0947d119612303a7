package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.bindings.metal.BinaryArchive;
import dev.diecast.bindings.metal.CaptureDestination;
import dev.diecast.bindings.metal.CaptureManager;
import dev.diecast.bindings.metal.CommandBuffer;
import dev.diecast.bindings.metal.CommandBufferStatus;
import dev.diecast.bindings.metal.CompileOptions;
import dev.diecast.bindings.metal.ComputeCommandEncoder;
import dev.diecast.bindings.metal.ComputePassDescriptor;
import dev.diecast.bindings.metal.ComputePipeline;
import dev.diecast.bindings.metal.ComputePipelineDescriptor;
import dev.diecast.bindings.metal.CounterSampleBuffer;
import dev.diecast.bindings.metal.CounterSamplingPoint;
import dev.diecast.bindings.metal.CounterSet;
import dev.diecast.bindings.metal.DataType;
import dev.diecast.bindings.metal.DispatchType;
import dev.diecast.bindings.metal.FunctionConstants;
import dev.diecast.bindings.metal.GpuFamily;
import dev.diecast.bindings.metal.HazardTrackingMode;
import dev.diecast.bindings.metal.HeapDescriptor;
import dev.diecast.bindings.metal.HeapType;
import dev.diecast.bindings.metal.LanguageVersion;
import dev.diecast.bindings.metal.MathFunctions;
import dev.diecast.bindings.metal.MathMode;
import dev.diecast.bindings.metal.Metal;
import dev.diecast.bindings.metal.MetalBuffer;
import dev.diecast.bindings.metal.MetalDevice;
import dev.diecast.bindings.metal.MetalFunction;
import dev.diecast.bindings.metal.MetalHeap;
import dev.diecast.bindings.metal.MetalLibrary;
import dev.diecast.bindings.metal.PipelineOption;
import dev.diecast.bindings.metal.ResidencySet;
import dev.diecast.bindings.metal.ResourceOption;
import dev.diecast.bindings.metal.SharedEvent;
import dev.diecast.bindings.metal.StorageMode;
import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.bindings.objc.ProcessInfo;
import dev.diecast.bindings.objc.SelectorRow;
import dev.diecast.bindings.objc.SelectorTable;
import dev.diecast.bindings.posix.PageSize;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Every wrapper on the software Metal; together, every message of the selector table. */
@ExtendWith(NeedsSoftMetal.class)
class WrapperTourTest {
  private static final String MARK = "SOFTMETALLIB\n";

  private static final Set<String> SENT = new TreeSet<>();

  private final SoftMetal metal = SoftMetal.load();
  private final Map<String, Long> before = metal.liveObjects();
  private final Gpu gpu = new Gpu();

  @AfterEach
  void nothingIsLeftBehind() {
    gpu.close();
    metal.settle();
    SENT.addAll(metal.messages().keySet());
    assertThat(metal.findings()).isEmpty();
    assertThat(metal.liveObjects()).isEqualTo(before);
  }

  @AfterAll
  static void theWholeTableWasSent() {
    SENT.add("sharedCaptureManager"); // once per process, perhaps by another test
    assertThat(SENT).containsAll(SelectorTable.rows().stream().map(SelectorRow::name).toList());
  }

  @Test
  void directEncoding() {
    new EncodingTour(gpu).direct();
  }

  @Test
  void indirectEncoding() {
    new EncodingTour(gpu).indirect();
  }

  @Test
  void encodingOfMetal4() {
    new EncodingTour(gpu).metal4(metal);
  }

  @Test
  void failedCommandBuffersSayWhy() {
    new EncodingTour(gpu).failing(metal);
  }

  @Test
  void theDeviceAnswers() {
    MetalDevice device = gpu.device;
    assertThat(device.name()).isEqualTo("Software Metal");
    assertThat(device.architecture()).isPresent();
    assertThat(device.maxThreadsPerThreadgroup().width()).isPositive();
    assertThat(device.hasUnifiedMemory()).isTrue();
    assertThat(device.isLowPower()).isFalse();
    assertThat(device.isRemovable()).isFalse();
    assertThat(device.recommendedMaxWorkingSetSize()).isPositive();
    assertThat(device.maxBufferLength()).isPositive();
    assertThat(device.maxThreadgroupMemoryLength()).isEqualTo(32 * 1024);
    assertThat(device.supports(GpuFamily.APPLE9)).isTrue();
    assertThat(device.supports(GpuFamily.APPLE10)).isFalse();
    assertThat(device.supports(CounterSamplingPoint.STAGE_BOUNDARY)).isTrue();
    assertThat(device.supports(CounterSamplingPoint.DISPATCH_BOUNDARY)).isFalse();
    assertThat(device.supportsMetal4()).isTrue();
    assertThat(device.sampleTimestamps().cpu()).isPositive();
    assertThat(device.timestampFrequency()).isPositive();
    List<MetalDevice> all = Metal.devices();
    assertThat(all).extracting(MetalDevice::name).containsExactly("Software Metal");
    all.forEach(MetalDevice::close);
  }

  @Test
  void theSystemAnswers() {
    metal.set(Setting.OS_MAJOR, 15).set(Setting.OS_MINOR, 4).set(Setting.OS_PATCH, 1);
    assertThat(ProcessInfo.osVersion()).isEqualTo(new ProcessInfo.OsVersion(15, 4, 1));
    assertThat(ProcessInfo.osVersionText()).contains("15.4.1");
    assertThat(ProcessInfo.lowPowerMode()).isFalse();
  }

  @Test
  void olderSystemsLackWhatCameLater() {
    metal.set(Setting.OS_MAJOR, 15).set(Setting.METAL4, 0);
    assertThat(gpu.device.supportsResidencySets()).isTrue();
    assertThat(gpu.device.supportsMetal4()).isFalse();
    assertThatThrownBy(gpu.device::timestampFrequency)
        .isInstanceOf(MetalException.class)
        .hasMessageContaining("needs macOS 26");
    metal.set(Setting.OS_MAJOR, 14);
    assertThat(gpu.device.supportsResidencySets()).isFalse();
    assertThatThrownBy(() -> ResidencySet.create(gpu.device, 1))
        .isInstanceOf(MetalException.class)
        .hasMessageContaining("needs macOS 15");
    // No math modes yet: this compiles by the older setting.
    CompileOptions fast =
        new CompileOptions(LanguageVersion.V3_0, MathMode.FAST, MathFunctions.FAST);
    MetalLibrary.compile(gpu.device, "#include <metal_stdlib>\n", fast).close();
  }

  @Test
  void buffersAndHeaps() {
    try (MetalBuffer buffer = MetalBuffer.create(gpu.device, 100, ResourceOption.SHARED.value())) {
      buffer.setLabel("a buffer");
      assertThat(buffer.length()).isEqualTo(100);
      assertThat(buffer.contents().byteSize()).isEqualTo(100);
      assertThat(buffer.gpuAddress()).isNotZero();
      assertThat(buffer.allocatedSize()).isGreaterThanOrEqualTo(100);
      assertThat(gpu.device.currentAllocatedSize()).isPositive();
    }
    MetalHeap.SizeAndAlign need = MetalHeap.sizeAndAlign(gpu.device, 100, 0);
    for (HeapType type : HeapType.values()) {
      HeapDescriptor settings =
          new HeapDescriptor(
              4 * need.size(), StorageMode.SHARED, HazardTrackingMode.UNTRACKED, type);
      try (MetalHeap heap = MetalHeap.create(gpu.device, settings);
          MetalBuffer part =
              type == HeapType.PLACEMENT
                  ? heap.newBuffer(100, ResourceOption.UNTRACKED.value(), need.align())
                  : heap.newBuffer(100, ResourceOption.UNTRACKED.value())) {
        assertThat(heap.size()).isGreaterThanOrEqualTo(4 * need.size());
        assertThat(heap.usedSize()).isPositive();
        assertThat(heap.currentAllocatedSize()).isPositive();
        assertThat(heap.maxAvailableSize(need.align())).isBetween(0L, heap.size());
        assertThat(part.heapOffset()).isEqualTo(type == HeapType.PLACEMENT ? need.align() : 0);
      }
    }
  }

  @Test
  void memoryWithoutACopy() {
    try (Arena arena = Arena.ofConfined()) {
      long page = PageSize.bytes();
      MemorySegment pages = arena.allocate(2 * page, page);
      try (MetalBuffer buffer = MetalBuffer.noCopy(gpu.device, pages, 0)) {
        assertThat(buffer.contents()).isEqualTo(pages);
      }
      assertThatThrownBy(() -> MetalBuffer.noCopy(gpu.device, pages.asSlice(16, page), 0))
          .isInstanceOf(MetalException.class)
          .hasMessageContaining("needs whole pages of " + page + " bytes");
    }
  }

  @Test
  void librariesAndFunctions(@TempDir Path folder) throws Exception {
    assertThat(gpu.library.functionNames()).contains("add", "doubled");
    try (MetalFunction add = gpu.library.function("add")) {
      assertThat(add.name()).isEqualTo("add");
    }
    assertThatThrownBy(() -> gpu.library.function("nothing"))
        .isInstanceOf(MetalException.class)
        .hasMessage("this library has no function nothing");
    String source =
        "#include <metal_stdlib>\nkernel void k(device float* x [[buffer(0)]]) { x[0] = 1; }\n";
    Path file = Files.writeString(folder.resolve("k.metallib"), MARK + source);
    try (MetalLibrary library = MetalLibrary.load(gpu.device, file)) {
      assertThat(library.functionNames()).containsExactly("k");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocateFrom(MARK + source).asSlice(0, (MARK + source).length());
      MetalLibrary.ofData(gpu.device, bytes).close();
      MemorySegment damaged = arena.allocateFrom("damaged", StandardCharsets.UTF_8);
      assertThatThrownBy(() -> MetalLibrary.ofData(gpu.device, damaged))
          .isInstanceOfSatisfying(
              MetalException.class, e -> assertThat(e.domain()).isEqualTo("MTLLibraryErrorDomain"));
    }
    assertThatThrownBy(() -> MetalLibrary.load(gpu.device, folder.resolve("none.metallib")))
        .isInstanceOf(MetalException.class)
        .hasMessageContaining("not found");
  }

  @Test
  void sourceThatIsWrongGivesTheCompilersText() {
    CompileOptions options =
        new CompileOptions(LanguageVersion.V3_0, MathMode.SAFE, MathFunctions.PRECISE);
    assertThatThrownBy(() -> MetalLibrary.compile(gpu.device, "kernel void k( {", options))
        .isInstanceOfSatisfying(
            MetalException.class, e -> assertThat(e.domain()).isEqualTo("MTLLibraryErrorDomain"));
  }

  @Test
  void pipelinesAndArchives(@TempDir Path folder) {
    Path file = folder.resolve("pipelines.bin");
    try (MetalFunction add = gpu.library.function("add")) {
      ComputePipelineDescriptor plain =
          new ComputePipelineDescriptor(add, "add", 256, true, List.of());
      try (BinaryArchive archive = BinaryArchive.empty(gpu.device)) {
        archive.add(plain);
        archive.save(file);
      }
      try (BinaryArchive archive = BinaryArchive.load(gpu.device, file)) {
        ComputePipelineDescriptor archived =
            new ComputePipelineDescriptor(add, "add", 256, true, List.of(archive));
        try (ComputePipeline pipeline =
            ComputePipeline.create(
                gpu.device, archived, PipelineOption.FAIL_ON_BINARY_ARCHIVE_MISS)) {
          assertThat(pipeline.maxTotalThreadsPerThreadgroup()).isEqualTo(256);
          assertThat(pipeline.threadExecutionWidth()).isEqualTo(32);
          assertThat(pipeline.staticThreadgroupMemoryLength()).isZero();
          assertThat(pipeline.supportsIndirectCommandBuffers()).isTrue();
        }
      }
      try (BinaryArchive empty = BinaryArchive.empty(gpu.device)) {
        ComputePipelineDescriptor missed =
            new ComputePipelineDescriptor(add, "add", 0, false, List.of(empty));
        assertThatThrownBy(() ->
                ComputePipeline.create(
                    gpu.device, missed, PipelineOption.FAIL_ON_BINARY_ARCHIVE_MISS))
            .isInstanceOf(MetalException.class);
      }
    }
    assertThatThrownBy(() -> BinaryArchive.load(gpu.device, folder.resolve("none.bin")))
        .isInstanceOf(MetalException.class);
  }

  @Test
  void constantsReachTheKernel() {
    try (FunctionConstants constants = FunctionConstants.create()) {
      constants.set("STEP", DataType.UINT, 7);
      assertThat(gpu.stepped(constants).maxTotalThreadsPerThreadgroup()).isPositive();
    }
  }

  @Test
  void residencySets() {
    MetalBuffer buffer = gpu.counting();
    try (ResidencySet set = ResidencySet.create(gpu.device, 4)) {
      set.add(buffer);
      set.commit();
      set.requestResidency();
      assertThat(set.allocationCount()).isEqualTo(1);
      assertThat(set.allocatedSize()).isPositive();
      gpu.queue.addResidencySet(set);
      gpu.queue.removeResidencySet(set);
      set.remove(buffer);
      set.removeAll();
      set.commit();
      set.endResidency();
      assertThat(set.allocationCount()).isZero();
    }
  }

  @Test
  void events() {
    try (SharedEvent event = SharedEvent.create(gpu.device)) {
      assertThat(event.await(1, 1)).isFalse();
      event.setValue(3);
      assertThat(event.value()).isEqualTo(3);
      assertThat(event.await(2, 1000)).isTrue();
    }
  }

  @Test
  void sampledPasses() {
    List<CounterSet> sets = CounterSet.all(gpu.device);
    sets.forEach(gpu::keep);
    CounterSet timestamps =
        sets.stream()
            .filter(set -> set.name().equals(CounterSet.TIMESTAMP))
            .findFirst()
            .orElseThrow();
    CounterSampleBuffer samples = gpu.keep(CounterSampleBuffer.create(gpu.device, timestamps, 2));
    assertThat(samples.sampleCount()).isEqualTo(2);
    ComputePipeline doubled = gpu.pipeline("doubled", false);
    MetalBuffer x = gpu.counting();
    try (AutoreleasePool _ = new AutoreleasePool()) {
      long commands = gpu.queue.commandBuffer();
      long pass = ComputePassDescriptor.sampling(DispatchType.SERIAL, samples, 0, 1);
      long encoder = CommandBuffer.computeEncoder(commands, pass);
      ComputeCommandEncoder.setPipeline(encoder, doubled.id());
      ComputeCommandEncoder.setBuffer(encoder, x.id(), 0, 0);
      ComputeCommandEncoder.dispatch(encoder, gpu.sizes());
      ComputeCommandEncoder.end(encoder);
      CommandBuffer.commit(commands);
      CommandBuffer.waitUntilCompleted(commands);
      assertThat(CommandBuffer.status(commands)).isEqualTo(CommandBufferStatus.COMPLETED);
    }
    long[] taken = samples.timestamps(0, 2);
    assertThat(taken[0]).isPositive();
    assertThat(taken[1]).isGreaterThanOrEqualTo(taken[0]);
  }

  @Test
  void captures(@TempDir Path folder) {
    metal.set(Setting.CAPTURE, 0);
    assertThat(CaptureManager.supports(CaptureDestination.DEVELOPER_TOOLS)).isFalse();
    Path file = folder.resolve("token.gputrace");
    assertThatThrownBy(() -> CaptureManager.start(gpu.device, file))
        .isInstanceOf(MetalException.class);
    metal.set(Setting.CAPTURE, 1);
    CaptureManager.start(gpu.device, file);
    assertThat(CaptureManager.isCapturing()).isTrue();
    CaptureManager.stop();
    assertThat(CaptureManager.isCapturing()).isFalse();
    assertThat(file).exists();
  }
}

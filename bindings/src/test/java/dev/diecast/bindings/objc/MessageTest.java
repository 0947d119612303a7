package dev.diecast.bindings.objc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.diecast.bindings.metal.CommandBuffer;
import dev.diecast.bindings.metal.CompileOptions;
import dev.diecast.bindings.metal.ComputeCommandEncoder;
import dev.diecast.bindings.metal.GpuFamily;
import dev.diecast.bindings.metal.LanguageVersion;
import dev.diecast.bindings.metal.MathFunctions;
import dev.diecast.bindings.metal.MathMode;
import dev.diecast.bindings.metal.Metal;
import dev.diecast.bindings.metal.MetalDevice;
import dev.diecast.bindings.metal.MetalHeap;
import dev.diecast.bindings.metal.MetalLibrary;
import dev.diecast.bindings.metal.MetalSize;
import dev.diecast.bindings.metal.SharedEvent;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every shape carries its values, as C functions with Apple's own types see them. */
final class MessageTest {
  private static final CompileOptions OPTIONS =
      new CompileOptions(LanguageVersion.V3_0, MathMode.FAST, MathFunctions.FAST);
  private static EchoRuntime echo;

  private MetalDevice device;
  private long object;

  @BeforeAll
  static void load() throws Exception {
    echo = EchoRuntime.load();
  }

  @BeforeEach
  void device() {
    device = Metal.defaultDevice();
    object = device.id();
  }

  @AfterEach
  void everyPoolIsClosed() {
    assertThat(echo.pools()).isZero();
  }

  @Test
  void wordsArriveInOrder() {
    ComputeCommandEncoder.setBuffer(object, 11, 1L << 33, 30);
    assertThat(words(4)).containsExactly(object, 11, 1L << 33, 30);
  }

  @Test
  void rangesTravelAsTwoWords() {
    ComputeCommandEncoder.execute(object, 5, 3, 40);
    assertThat(words(4)).containsExactly(object, 5, 3, 40);
  }

  @Test
  void rangesTakeTheLastTwoRegisters() {
    try (Arena arena = Arena.ofConfined()) {
      IdArray buffers = IdArray.of(arena, 21, 22);
      IdArray offsets = IdArray.of(arena, 31, 32);
      ComputeCommandEncoder.setBuffers(object, buffers.address(), offsets.address(), 6, 2);
    }
    assertThat(words(5)).containsExactly(object, 22, 32, 6, 2);
  }

  @Test
  void sizesTravelByValue() {
    try (Arena arena = Arena.ofConfined()) {
      DispatchSizes sizes = new DispatchSizes(arena, 2, 3, 4, 5, 6, 7);
      for (int round = 0; round < 2; round++) {
        ComputeCommandEncoder.dispatch(object, sizes);
        assertThat(words(7)).containsExactly(object, 2, 3, 4, 5, 6, 7);
      }
      assertThat(sizes.threadsPerThreadgroup()).isEqualTo(5 * 6 * 7);
    }
  }

  @Test
  void fourWordsAndAnObjectBack() {
    Message message =
        Message.of("MTLDevice", "-newBufferWithBytesNoCopy:length:options:deallocator:");
    assertThat(message.word(object, 1, 2, 3, 4)).isEqualTo(object);
    assertThat(words(5)).containsExactly(object, 1, 2, 3, 4);
  }

  @Test
  void numbersKeepAllTheirBits() {
    assertThat(device.maxBufferLength()).isEqualTo(0xFEDCBA9876543210L);
    assertThat(CommandBuffer.gpuStartTime(object)).isEqualTo(1.25);
  }

  @Test
  void onlyTheLowestByteOfAFlagCounts() {
    assertThat(device.supports(GpuFamily.APPLE9)).isTrue();
    assertThat(device.supports(GpuFamily.APPLE7)).isFalse();
    assertThat(device.isLowPower()).isFalse();
    assertThat(
            Message.of("MTLSharedEvent", "-waitUntilSignaledValue:timeoutMS:").flag(object, 3, 50))
        .isTrue();
  }

  @Test
  void flagsArriveAsOneAndZero() {
    Message message = Message.of("MTLIndirectCommandBufferDescriptor", "-setInheritBuffers:");
    message.sendFlag(object, true);
    assertThat(echo.word(1)).isEqualTo(1);
    message.sendFlag(object, false);
    assertThat(echo.word(1)).isZero();
  }

  @Test
  void structsComeBack() {
    assertThat(device.maxThreadsPerThreadgroup()).isEqualTo(new MetalSize(1024, 512, 64));
    assertThat(MetalHeap.sizeAndAlign(device, 99, 0))
        .isEqualTo(new MetalHeap.SizeAndAlign(100, 256));
    try (Arena arena = Arena.ofConfined()) {
      assertThat(
              Message.of("NSProcessInfo", "-operatingSystemVersion")
                  .struct(arena, object)
                  .byteSize())
          .isEqualTo(24);
    }
  }

  @Test
  void textGoesBothWays() {
    try (AutoreleasePool _ = new AutoreleasePool()) {
      assertThat(echo.pools()).isEqualTo(1);
      Message of = Message.of("NSString", "+stringWithUTF8String:");
      try (Arena arena = Arena.ofConfined()) {
        assertThat(NsString.text(of.word(object, arena.allocateFrom("Grüße").address())))
            .isEqualTo("Grüße");
      }
      assertThat(NsString.text(0)).isEmpty();
    }
  }

  @Test
  void errorsKeepTheSystemsText() {
    assertThatThrownBy(() ->
            NsError.object(
                Message.of("MTLDevice", "-newLibraryWithSource:options:error:"),
                error ->
                    Message.of("MTLDevice", "-newLibraryWithSource:options:error:")
                        .word(object, 0, 0, error)))
        .isInstanceOfSatisfying(
            MetalException.class,
            e -> {
              assertThat(e)
                  .hasMessageContaining(
                      "-[MTLDevice newLibraryWithSource:options:error:]: text of the error");
              assertThat(e.domain()).isEqualTo("text of the error");
              assertThat(e.code()).isEqualTo(0xFEDCBA9876543210L);
            });
    assertThatThrownBy(() ->
            NsError.object(
                Message.of("MTLDevice", "-newLibraryWithURL:error:"),
                error ->
                    Message.of("MTLDevice", "-newLibraryWithURL:error:").word(object, 0, error)))
        .isInstanceOf(MetalException.class)
        .hasMessage("-[MTLDevice newLibraryWithURL:error:] failed and gave no reason");
  }

  @Test
  void nilNamesTheMessage() {
    assertThatThrownBy(() -> SharedEvent.create(device))
        .isInstanceOf(MetalException.class)
        .hasMessage("-[MTLDevice newSharedEvent] returned nil");
  }

  @Test
  void missingClassesAreNamed() {
    assertThatThrownBy(() -> MetalLibrary.compile(device, "", OPTIONS))
        .isInstanceOf(MetalException.class)
        .hasMessage("this system has no class MTLCompileOptions");
  }

  @Test
  void sendsInAnotherShapeAreRefused() {
    Message length = Message.of("MTLBuffer", "-length");
    assertThatThrownBy(() -> length.send(object, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("-[MTLBuffer length] has shape WORD and was sent as VOID_1");
    assertThatThrownBy(() -> Message.of("MTLBuffer", "-bytes"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the selector table lacks MTLBuffer -bytes");
  }

  @Test
  void objectsThatLackSomethingAreRefused() {
    long releases = echo.releases();
    echo.forget("gpuAddress");
    try {
      Conformance buffers = Conformance.to("MTLBuffer", "MTLResource");
      assertThatThrownBy(() -> Owned.taking(object, buffers))
          .isInstanceOf(MetalException.class)
          .hasMessage("this system's MTLBuffer (EchoObject) lacks -[MTLBuffer gpuAddress]");
      assertThat(echo.releases()).as("what was refused is released").isEqualTo(releases + 1);
    } finally {
      echo.forget("");
    }
  }

  @Test
  void whatCameLaterIsAskedForOneByOne() {
    echo.forget("newResidencySetWithDescriptor:error:");
    try {
      assertThat(device.supportsResidencySets()).isFalse();
      assertThat(Conformance.to("MTLDevice").check(object)).isEqualTo(object);
      assertThatThrownBy(() ->
              Message.of("MTLDevice", "-newResidencySetWithDescriptor:error:").require(object))
          .isInstanceOf(MetalException.class)
          .hasMessageContaining("needs macOS 15");
    } finally {
      echo.forget("");
    }
    assertThat(device.supportsResidencySets()).isTrue();
  }

  @Test
  void whatIsOwnedIsReleasedOnce() {
    long releases = echo.releases();
    device.close();
    device.close();
    assertThat(echo.releases()).isEqualTo(releases + 1);
    assertThatThrownBy(device::name)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("this MTLDevice is closed");
  }

  @Test
  void blocksRunOnForeignThreads() {
    AtomicLong seen = new AtomicLong();
    AtomicReference<Thread> thread = new AtomicReference<>();
    try (Block block =
        new Block(argument -> {
          seen.set(argument);
          thread.set(Thread.currentThread());
        })) {
      CommandBuffer.addCompletedHandler(object, block);
      assertThat(block.failure()).isEmpty();
    }
    assertThat(seen).hasValue(object);
    assertThat(thread.get()).isNotSameAs(Thread.currentThread());
    assertThat(words(2)).as("flags and size of the block").containsExactly(1 << 28, 32);
  }

  @Test
  void nothingThrownLeavesABlock() {
    IllegalStateException thrown = new IllegalStateException("on purpose");
    try (Block block =
        new Block(_ -> {
          throw thrown;
        })) {
      CommandBuffer.addCompletedHandler(object, block);
      CommandBuffer.addCompletedHandler(object, block);
      assertThat(block.failure()).containsSame(thrown);
    }
  }

  @Test
  void encodingAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().threadId();
    try (Arena arena = Arena.ofConfined()) {
      IdArray words = IdArray.of(arena, 1, 2);
      DispatchSizes sizes = new DispatchSizes(arena, 2, 3, 4, 5, 6, 7);
      encode(words, sizes, 20_000);
      // The JVM itself allocates now and then, as when it links a call anew.
      long least = Long.MAX_VALUE;
      for (int round = 0; round < 5; round++) {
        long before = threads.getThreadAllocatedBytes(id);
        encode(words, sizes, 2_000);
        least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
      }
      assertThat(least).isZero();
    }
  }

  private void encode(IdArray words, DispatchSizes sizes, int dispatches) {
    for (int i = 0; i < dispatches; i++) {
      long pool = AutoreleasePool.pushed();
      ComputeCommandEncoder.setBuffer(object, 1, 2, 3);
      ComputeCommandEncoder.setBuffers(object, words.address(), words.address(), 0, 2);
      ComputeCommandEncoder.dispatch(object, sizes);
      ComputeCommandEncoder.execute(object, 5, 3, 40);
      if (!device.supports(GpuFamily.APPLE9) || CommandBuffer.gpuStartTime(object) != 1.25) {
        throw new AssertionError();
      }
      AutoreleasePool.pop(pool);
    }
  }

  private static long[] words(int count) {
    return IntStream.range(0, count).mapToLong(echo::word).toArray();
  }
}

package dev.diecast.bindings.metal;

/**
 * A constant of an enumeration of Metal's, as far as Diecast uses it. All enumerations are the
 * permitted subclasses, so that a test can compare every value with what Apple declares.
 */
public sealed interface MetalEnum
    permits BarrierScope,
        CaptureDestination,
        CommandBufferError,
        CommandBufferStatus,
        CommandQueueError4,
        CounterHeapType4,
        CounterSamplingPoint,
        DataType,
        DispatchType,
        GpuFamily,
        HazardTrackingMode,
        HeapType,
        IndirectCommandType,
        LanguageVersion,
        MathFunctions,
        MathMode,
        PipelineOption,
        ResourceOption,
        ResourceUsage,
        Stages,
        StorageMode,
        TimestampGranularity4,
        Visibility4 {
  /** The number that stands for it in messages. */
  long value();

  /** Apple's name of the enumeration, such as {@code MTLStorageMode}. */
  String appleType();

  /** Apple's name of the constant without that of the enumeration, such as {@code Shared}. */
  String appleName();

  /** Several constants of a set of options as one number. */
  @SafeVarargs
  static <E extends Enum<E> & MetalEnum> long mask(E... options) {
    long mask = 0;
    for (E option : options) {
      mask |= option.value();
    }
    return mask;
  }
}

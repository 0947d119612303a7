package dev.diecast.tests.softmetal;

/** How a message fails when it is told to. */
public sealed interface Fault {

  /** The call itself: nil, NO or an NSError, as it can. */
  record Call() implements Fault {}

  /**
   * The GPU reports an error when it comes to what the message encoded or committed.
   *
   * @param code MTLCommandBufferError
   */
  record Gpu(long code) implements Fault {}

  /** The device is gone from then on. */
  record DeviceLost() implements Fault {}

  /**
   * The GPU takes its time before it begins with what is committed.
   *
   * @param milliseconds how long
   */
  record Delay(long milliseconds) implements Fault {}

  /** As in {@code enum soft_fault_kind}. */
  default int kind() {
    return switch (this) {
      case Call _ -> 1;
      case Gpu _ -> 2;
      case DeviceLost _ -> 3;
      case Delay _ -> 4;
    };
  }

  default long detail() {
    return switch (this) {
      case Gpu gpu -> gpu.code();
      case Delay delay -> delay.milliseconds();
      case Call _, DeviceLost _ -> 0;
    };
  }
}

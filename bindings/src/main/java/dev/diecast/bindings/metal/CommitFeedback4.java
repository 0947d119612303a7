package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.bindings.objc.NsError;
import java.util.Optional;

/**
 * {@code MTL4CommitFeedback}: how a commit went. It is a plain {@code long} that the handler of
 * {@link CommitOptions4} is given, good until the handler returns.
 */
public final class CommitFeedback4 {
  private static final Conformance CONFORMANCE = Conformance.to("MTL4CommitFeedback");
  private static final Message ERROR = Message.of("MTL4CommitFeedback", "-error");
  private static final Message GPU_START = Message.of("MTL4CommitFeedback", "-GPUStartTime");
  private static final Message GPU_END = Message.of("MTL4CommitFeedback", "-GPUEndTime");

  private CommitFeedback4() {}

  /** Why it failed, with Metal's own text, or nothing if it did not. */
  public static Optional<MetalException> failure(long feedback) {
    try (AutoreleasePool _ = new AutoreleasePool()) {
      long error = ERROR.word(CONFORMANCE.check(feedback));
      return error == 0 ? Optional.empty() : Optional.of(NsError.failure("commit", error));
    }
  }

  /** When the GPU began, in seconds. */
  public static double gpuStartTime(long feedback) {
    return GPU_START.real(CONFORMANCE.check(feedback));
  }

  /** When the GPU was done, in seconds. */
  public static double gpuEndTime(long feedback) {
    return GPU_END.real(CONFORMANCE.check(feedback));
  }
}

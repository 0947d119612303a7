package dev.diecast.replay.metal;

import dev.diecast.bindings.metal.CaptureDestination;
import dev.diecast.bindings.metal.CaptureManager;
import dev.diecast.bindings.metal.Metal;
import dev.diecast.bindings.metal.MetalDevice;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.plans.PlanException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Captures of what the GPU is asked to do, as {@code .gputrace} documents that Xcode opens. */
public final class GpuTrace {
  private GpuTrace() {}

  /**
   * Captures everything that the GPU is asked to do while {@code work} runs.
   *
   * @param file where the document goes; its name ends in {@code .gputrace} and nothing is there
   * @throws PlanException when this process may not capture, or the file cannot be written
   */
  public static void capture(Path file, Runnable work) {
    if (!file.toString().endsWith(".gputrace")) {
      throw new PlanException(file + ": the name of a capture ends in .gputrace");
    }
    if (Files.exists(file)) {
      throw new PlanException(file + ": is there already");
    }
    try (MetalDevice device = Metal.defaultDevice()) {
      if (!CaptureManager.supports(CaptureDestination.GPU_TRACE_DOCUMENT)) {
        throw new PlanException(
            "captures to a file are off: set METAL_CAPTURE_ENABLED=1 in the environment");
      }
      CaptureManager.start(device, file.toAbsolutePath());
      try {
        work.run();
      } finally {
        CaptureManager.stop();
      }
    } catch (MetalException e) {
      throw new PlanException(file + ": the capture failed: " + e.getMessage(), e);
    }
  }
}

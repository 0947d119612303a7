package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.bindings.objc.NsError;
import dev.diecast.bindings.objc.NsUrl;
import dev.diecast.bindings.objc.ObjcClass;
import dev.diecast.bindings.objc.Owned;
import dev.diecast.bindings.objc.OwnedObject;
import java.nio.file.Path;

/**
 * {@code MTLCaptureManager}: records what the GPU is asked to do, for Xcode to look at. One capture
 * at a time.
 */
public final class CaptureManager {
  private static final Conformance CONFORMANCE = Conformance.to("MTLCaptureManager");
  private static final Conformance DESCRIPTOR = Conformance.to("MTLCaptureDescriptor");
  private static final Message SHARED = Message.of("MTLCaptureManager", "+sharedCaptureManager");
  private static final Message SUPPORTS = Message.of("MTLCaptureManager", "-supportsDestination:");
  private static final Message START =
      Message.of("MTLCaptureManager", "-startCaptureWithDescriptor:error:");
  private static final Message STOP = Message.of("MTLCaptureManager", "-stopCapture");
  private static final Message CAPTURING = Message.of("MTLCaptureManager", "-isCapturing");
  private static final Message SET_OBJECT =
      Message.of("MTLCaptureDescriptor", "-setCaptureObject:");
  private static final Message SET_DESTINATION =
      Message.of("MTLCaptureDescriptor", "-setDestination:");
  private static final Message SET_URL = Message.of("MTLCaptureDescriptor", "-setOutputURL:");

  private static long shared;

  private CaptureManager() {}

  /**
   * Whether captures can go there; a file needs {@code METAL_CAPTURE_ENABLED=1} in the environment.
   */
  public static boolean supports(CaptureDestination destination) {
    try (AutoreleasePool _ = new AutoreleasePool()) {
      return SUPPORTS.flag(shared(), destination.value());
    }
  }

  /**
   * Begins to capture into a file.
   *
   * @param captured a device or a queue
   * @param file a path that ends in {@code .gputrace} where nothing is yet
   * @throws MetalException if captures are not enabled, one is under way, or the file cannot be
   *     written
   */
  public static void start(OwnedObject captured, Path file) {
    Owned descriptor = ObjcClass.newObject(DESCRIPTOR);
    try (AutoreleasePool _ = new AutoreleasePool()) {
      SET_OBJECT.send(descriptor.id(), captured.id());
      SET_DESTINATION.send(descriptor.id(), CaptureDestination.GPU_TRACE_DOCUMENT.value());
      SET_URL.send(descriptor.id(), NsUrl.of(file));
      long manager = shared();
      NsError.check(START, error -> START.flag(manager, descriptor.id(), error));
    } finally {
      descriptor.release();
    }
  }

  /** Ends the capture and writes the file. */
  public static void stop() {
    try (AutoreleasePool _ = new AutoreleasePool()) {
      STOP.send(shared());
    }
  }

  /** Whether a capture is under way. */
  public static boolean isCapturing() {
    try (AutoreleasePool _ = new AutoreleasePool()) {
      return CAPTURING.flag(shared());
    }
  }

  /**
   * There is one for the life of the process. Once it is known, a capture that began can always be
   * stopped.
   */
  private static synchronized long shared() {
    if (shared == 0) {
      long manager = SHARED.word(ObjcClass.named("MTLCaptureManager"));
      shared = CONFORMANCE.check(SHARED.notNil(manager));
    }
    return shared;
  }
}

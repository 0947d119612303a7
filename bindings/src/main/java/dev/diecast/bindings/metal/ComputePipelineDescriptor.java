package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.Conformance;
import dev.diecast.bindings.objc.Message;
import dev.diecast.bindings.objc.NsArray;
import dev.diecast.bindings.objc.NsString;
import dev.diecast.bindings.objc.ObjcClass;
import dev.diecast.bindings.objc.Owned;
import java.util.List;

/**
 * {@code MTLComputePipelineDescriptor}: what a pipeline shall be.
 *
 * @param function what it runs
 * @param label its name in captures and error reports
 * @param maxThreadsPerThreadgroup largest threadgroup that it will be dispatched with, or 0 for
 *     Metal's own choice
 * @param indirect whether indirect command buffers may use it
 * @param archives where its compiled form may lie
 */
public record ComputePipelineDescriptor(
    MetalFunction function,
    String label,
    long maxThreadsPerThreadgroup,
    boolean indirect,
    List<BinaryArchive> archives) {
  /** Copies the list. */
  public ComputePipelineDescriptor {
    archives = List.copyOf(archives);
  }

  /** The descriptor as an object that the caller releases. */
  Owned build() {
    Owned descriptor = ObjcClass.newObject(Native.CONFORMANCE);
    try (AutoreleasePool _ = new AutoreleasePool()) {
      Native.SET_LABEL.send(descriptor.id(), NsString.of(label));
      Native.SET_FUNCTION.send(descriptor.id(), function.id());
      Native.SET_INDIRECT.sendFlag(descriptor.id(), indirect);
      if (maxThreadsPerThreadgroup > 0) {
        Native.SET_MAX_THREADS.send(descriptor.id(), maxThreadsPerThreadgroup);
      }
      if (!archives.isEmpty()) {
        Native.SET_ARCHIVES.send(descriptor.id(), NsArray.of(archives));
      }
      return descriptor;
    } catch (RuntimeException e) {
      descriptor.release();
      throw e;
    }
  }

  /** Apart, so that settings can be stated before Metal is loaded. */
  private static final class Native {
    static final String DESCRIPTOR = "MTLComputePipelineDescriptor";
    static final Conformance CONFORMANCE = Conformance.to(DESCRIPTOR);
    static final Message SET_LABEL = Message.of(DESCRIPTOR, "-setLabel:");
    static final Message SET_FUNCTION = Message.of(DESCRIPTOR, "-setComputeFunction:");
    static final Message SET_MAX_THREADS =
        Message.of(DESCRIPTOR, "-setMaxTotalThreadsPerThreadgroup:");
    static final Message SET_INDIRECT =
        Message.of(DESCRIPTOR, "-setSupportIndirectCommandBuffers:");
    static final Message SET_ARCHIVES = Message.of(DESCRIPTOR, "-setBinaryArchives:");

    private Native() {}
  }
}

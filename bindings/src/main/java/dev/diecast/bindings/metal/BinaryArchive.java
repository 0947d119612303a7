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
import java.util.Optional;

/**
 * {@code MTLBinaryArchive}: compiled pipelines on disk, good for one GPU architecture and one
 * version of the system.
 *
 * @param owned its ownership
 */
public record BinaryArchive(Owned owned) implements OwnedObject {
  private static final Conformance CONFORMANCE = Conformance.to("MTLBinaryArchive");
  private static final Conformance DESCRIPTOR = Conformance.to("MTLBinaryArchiveDescriptor");
  private static final Message NEW =
      Message.of("MTLDevice", "-newBinaryArchiveWithDescriptor:error:");
  private static final Message SET_URL = Message.of("MTLBinaryArchiveDescriptor", "-setUrl:");
  private static final Message ADD =
      Message.of("MTLBinaryArchive", "-addComputePipelineFunctionsWithDescriptor:error:");
  private static final Message SERIALIZE = Message.of("MTLBinaryArchive", "-serializeToURL:error:");

  /** An archive with nothing in it. */
  public static BinaryArchive empty(MetalDevice device) {
    return open(device, Optional.empty());
  }

  /**
   * An archive that was saved.
   *
   * @throws MetalException if it is not there, damaged, or of another GPU or system
   */
  public static BinaryArchive load(MetalDevice device, Path file) {
    return open(device, Optional.of(file));
  }

  private static BinaryArchive open(MetalDevice device, Optional<Path> file) {
    Owned descriptor = ObjcClass.newObject(DESCRIPTOR);
    try (AutoreleasePool _ = new AutoreleasePool()) {
      file.ifPresent(path -> SET_URL.send(descriptor.id(), NsUrl.of(path)));
      long archive = NsError.object(NEW, error -> NEW.word(device.id(), descriptor.id(), error));
      return new BinaryArchive(Owned.taking(archive, CONFORMANCE));
    } finally {
      descriptor.release();
    }
  }

  /**
   * Compiles a pipeline into it.
   *
   * @throws MetalException if it does not compile
   */
  public void add(ComputePipelineDescriptor pipeline) {
    Owned descriptor = pipeline.build();
    try {
      NsError.check(ADD, error -> ADD.flag(id(), descriptor.id(), error));
    } finally {
      descriptor.release();
    }
  }

  /**
   * Writes it to a file.
   *
   * @throws MetalException if it is empty or cannot be written
   */
  public void save(Path file) {
    try (AutoreleasePool _ = new AutoreleasePool()) {
      long url = NsUrl.of(file);
      NsError.check(SERIALIZE, error -> SERIALIZE.flag(id(), url, error));
    }
  }
}

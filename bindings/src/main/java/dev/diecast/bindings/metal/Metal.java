package dev.diecast.bindings.metal;

import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.MetalException;
import dev.diecast.bindings.objc.NsArray;
import dev.diecast.bindings.objc.ObjcRuntime;
import java.util.List;
import java.util.Optional;

/**
 * The door to Metal. Come through here first: everything else in this package needs the libraries
 * loaded.
 */
public final class Metal {
  private Metal() {}

  /** Loads Metal, and says why it is not to be had here, or nothing if it is. */
  public static Optional<String> problem() {
    return ObjcRuntime.problem();
  }

  /**
   * The GPU that the system prefers.
   *
   * @throws MetalException if there is no Metal here, or no GPU
   */
  public static MetalDevice defaultDevice() {
    ObjcRuntime.load();
    long device = ObjcRuntime.defaultDevice();
    if (device == 0) {
      throw new MetalException("Metal is here, but it finds no GPU");
    }
    return MetalDevice.taking(device);
  }

  /**
   * All GPUs, each to be closed.
   *
   * @throws MetalException if there is no Metal here
   */
  public static List<MetalDevice> devices() {
    ObjcRuntime.load();
    try (AutoreleasePool _ = new AutoreleasePool()) {
      long array = ObjcRuntime.allDevices();
      try {
        return NsArray.objects(array)
            .mapToObj(device -> MetalDevice.taking(ObjcRuntime.retain(device)))
            .toList();
      } finally {
        ObjcRuntime.release(array);
      }
    }
  }
}

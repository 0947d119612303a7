package dev.diecast.bindings.objc;

import java.util.concurrent.atomic.AtomicLong;

/** The one release that we owe an object. */
public final class Owned {
  private final String protocol;
  private final AtomicLong id;

  private Owned(String protocol, long id) {
    this.protocol = protocol;
    this.id = new AtomicLong(id);
  }

  /**
   * Takes over an object that came back with a retain count of one.
   *
   * @throws MetalException if it lacks something that it will be sent; it is released then
   */
  public static Owned taking(long id, Conformance conformance) {
    try {
      conformance.check(id);
    } catch (MetalException e) {
      ObjcRuntime.release(id);
      throw e;
    }
    return new Owned(conformance.protocol(), id);
  }

  /**
   * The object.
   *
   * @throws IllegalStateException if it was released
   */
  public long id() {
    long current = id.get();
    if (current == 0) {
      throw new IllegalStateException("this " + protocol + " is closed");
    }
    return current;
  }

  /** Releases the object; once. */
  public void release() {
    long released = id.getAndSet(0);
    if (released != 0) {
      ObjcRuntime.release(released);
    }
  }
}

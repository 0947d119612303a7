package dev.diecast.bindings.objc;

/**
 * A pool that releases, when it is closed, whatever the system returned on this thread without
 * handing over its ownership. Pools nest, and are closed by the thread that opened them in reverse
 * order. A pool belongs to a thread of the system: virtual threads, which move between those, must
 * not use one.
 *
 * <p>For once per token there is {@link #pushed} with {@link #pop}, which allocate nothing.
 */
public final class AutoreleasePool implements AutoCloseable {
  private final long token;

  /** Opens a pool on this thread. */
  public AutoreleasePool() {
    this.token = pushed();
  }

  @Override
  public void close() {
    pop(token);
  }

  /** Opens a pool on this thread and returns what {@link #pop} needs to close it. */
  public static long pushed() {
    try {
      return (long) EntryPoints.POOL_PUSH.invokeExact();
    } catch (Throwable e) {
      throw ObjcRuntime.unexpected(e);
    }
  }

  /** Closes a pool. */
  public static void pop(long token) {
    try {
      EntryPoints.POOL_POP.invokeExact(token);
    } catch (Throwable e) {
      throw ObjcRuntime.unexpected(e);
    }
  }
}

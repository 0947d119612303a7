package dev.diecast.bindings.objc;

/** An object that we own: closing releases it, once. Metal itself keeps what it still needs. */
public interface OwnedObject extends AutoCloseable {
  /** The ownership behind {@link #id} and {@link #close}. */
  Owned owned();

  /**
   * The object itself, for messages.
   *
   * @throws IllegalStateException after {@link #close}
   */
  default long id() {
    return owned().id();
  }

  @Override
  default void close() {
    owned().release();
  }
}

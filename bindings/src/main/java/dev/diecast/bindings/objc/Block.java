package dev.diecast.bindings.objc;

import dev.diecast.bindings.metal.abi.Block_descriptor;
import dev.diecast.bindings.metal.abi.Block_literal;
import dev.diecast.bindings.metal.abi.block_void_word;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;

/**
 * A block of one object argument that runs Java: a completion or feedback handler. It captures
 * nothing, so the runtime neither copies nor frees it, and the same one can be given to any number
 * of command buffers.
 *
 * <p>It runs on a thread of the system's. What it throws goes no further, since that would end the
 * process; {@link #failure} keeps the first. Close it only when nothing can call it any more.
 */
public final class Block implements AutoCloseable {
  /** {@code BLOCK_IS_GLOBAL}. */
  private static final int IS_GLOBAL = 1 << 28;

  private final Arena arena = Arena.ofShared();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final MemorySegment literal;

  /**
   * A block that hands its argument to {@code handler}.
   *
   * @param handler given the object, which is only good until it returns unless it retains it
   */
  public Block(LongConsumer handler) {
    MemorySegment code = block_void_word.allocate((_, object) -> guarded(handler, object), arena);
    MemorySegment descriptor = Block_descriptor.allocate(arena);
    Block_descriptor.reserved(descriptor, 0);
    Block_descriptor.size(descriptor, Block_literal.sizeof());
    this.literal = Block_literal.allocate(arena);
    Block_literal.isa(literal, ObjcRuntime.symbol("_NSConcreteGlobalBlock").address());
    Block_literal.flags(literal, IS_GLOBAL);
    Block_literal.reserved(literal, 0);
    Block_literal.invoke(literal, code.address());
    Block_literal.descriptor(literal, descriptor.address());
  }

  /** The block, for a message. */
  public long id() {
    return literal.address();
  }

  /** The first thing that the handler threw. */
  public Optional<Throwable> failure() {
    return Optional.ofNullable(failure.get());
  }

  @Override
  public void close() {
    arena.close();
  }

  private void guarded(LongConsumer handler, long object) {
    try {
      handler.accept(object);
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    }
  }
}

package dev.diecast.replay.device;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * A plan bound to something that runs it: buffers allocated, programs ready. One thread at a time
 * may use it. Runs are numbered from 1 in the order of {@link #submit} and end in that order.
 *
 * <p>Every method that runs something throws {@link DeviceFailure} when a run fails; buffers then
 * hold whatever it left, and only {@link #recover} and {@link #close} make sense.
 */
public interface Device extends AutoCloseable {
  /**
   * The memory of a buffer, by its index in the plan. What the device writes is there once the run
   * was awaited; the host writes only while no run is under way.
   */
  MemorySegment buffer(int index);

  /** How many runs may be under way at once, at least 1. */
  int depth();

  /**
   * Queues a run of a program, by its index in the plan, behind those under way; at most {@link
   * #depth()} may be. Returns the run's number.
   */
  long submit(int program);

  /** Waits until that run and all before it have ended. */
  void await(long run);

  /**
   * Runs a program dispatch by dispatch; each one's index is told after it ran. No run may be under
   * way.
   */
  void runEach(int program, IntConsumer ran);

  /**
   * Makes the device usable after a failure, with no run under way; buffers keep what they hold.
   * Throws {@link DeviceFailure} when the device is gone for good.
   */
  void recover();

  /** What was chosen or found when the device opened, for people; a sentence each. */
  List<String> notes();

  /** Ends what is under way and frees everything; more calls do nothing. */
  @Override
  void close();
}

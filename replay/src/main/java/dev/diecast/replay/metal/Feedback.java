package dev.diecast.replay.metal;

import dev.diecast.bindings.metal.CommitFeedback4;
import dev.diecast.bindings.objc.Block;
import dev.diecast.bindings.objc.MetalException;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What Metal 4 reports of each commit, on a thread of its own, in the order of the commits. The
 * event of a commit may be seen before its report, so that waiting for both takes a moment.
 */
final class Feedback {
  // A block may still be returning to Metal when its last report was seen, so that none is ever
  // freed; the next session takes it instead.
  private static final Queue<Feedback> IDLE = new ConcurrentLinkedQueue<>();

  private static final int SPINS = 1_000;
  private static final long NAP_NANOS = 20_000;

  private final Block block = new Block(this::report);
  private volatile long before;
  private volatile long reports;
  private volatile @Nullable MetalException failure;
  private volatile long failed;

  private Feedback() {}

  /** Feedback on commits that are counted from 1. */
  static Feedback take() {
    Feedback idle = IDLE.poll();
    Feedback taken = idle == null ? new Feedback() : idle;
    taken.before = taken.reports;
    taken.failure = null;
    return taken;
  }

  /** Lets somebody else have it, unless a commit was never reported and may yet be. */
  void giveBack(long commits) {
    if (reports() >= commits) {
      IDLE.add(this);
    }
  }

  /** The handler that commits report to. */
  Block block() {
    return block;
  }

  private void report(long feedback) {
    Optional<MetalException> error = CommitFeedback4.failure(feedback);
    long number = reports + 1; // reports come one after the other
    if (error.isPresent() && failure == null) {
      failed = number;
      failure = error.get();
    }
    reports = number;
  }

  /** How many commits were reported. */
  long reports() {
    return reports - before;
  }

  /** Waits for the report of a commit, by its number from 1; throws what it says. */
  void await(long commit, long millis) throws GpuFault {
    long begin = System.nanoTime();
    for (int spins = 0; reports() < commit; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else if (System.nanoTime() - begin < millis * 1_000_000) {
        LockSupport.parkNanos(this, NAP_NANOS);
      } else {
        throw new GpuFault(GpuFault.Kind.DEVICE_LOST, "the GPU did not answer");
      }
    }
    MetalException error = failure;
    if (error != null && failed - before <= commit) {
      throw GpuFault.of(error);
    }
  }

  /** Forgets a failure that was dealt with. */
  void forget() {
    failure = null;
  }
}

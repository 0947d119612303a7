package dev.diecast.replay.cpu;

import dev.diecast.plans.PlanException;
import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed team of threads that walks bound dispatches together. The calling thread is worker 0; the
 * others are daemons that live as long as the team.
 *
 * <p>Workers claim chunks of a dispatch from a shared counter and go straight on to the next
 * dispatch when none is left; they wait for each other only where the walk asks for a barrier. How
 * they wait is {@link Backoff}'s.
 *
 * <p>One walk at a time: callers serialise. Walking allocates nothing.
 */
final class ThreadTeam implements AutoCloseable {
  private static final VarHandle ARRIVED;
  private static final VarHandle FAILURE;

  static {
    try {
      var lookup = MethodHandles.lookup();
      ARRIVED = lookup.findVarHandle(ThreadTeam.class, "arrived", long.class);
      FAILURE = lookup.findVarHandle(ThreadTeam.class, "failure", Failure.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The first thing that went wrong in a walk. */
  private record Failure(int dispatch, Throwable cause) {}

  private final Worker[] workers;
  private final Thread[] threads;
  private final Parking parking;

  private @Nullable Walk walk;
  private volatile long generation;
  private volatile boolean closed;

  @SuppressWarnings("UnusedVariable") // through ARRIVED
  private volatile long arrived;

  private volatile @Nullable Failure failure;
  private long arrivalsOfCaller;
  private long published;

  /**
   * Starts a team.
   *
   * @param size workers, the caller included; at least 1
   * @param scratchBytes scratch memory of each worker
   * @param memory where the scratch lives; must outlive the team
   */
  ThreadTeam(int size, long scratchBytes, Arena memory) {
    if (size < 1) {
      throw new IllegalArgumentException("a team of " + size + " workers");
    }
    workers = new Worker[size];
    threads = new Thread[size];
    parking = new Parking(size);
    for (int i = 0; i < size; i++) {
      workers[i] = new Worker(i, scratch(size, scratchBytes, memory));
    }
    for (int i = 1; i < size; i++) {
      Worker worker = workers[i];
      threads[i] =
          Thread.ofPlatform().daemon().name("diecast-cpu-" + i).unstarted(() -> serve(worker));
    }
    for (int i = 1; i < size; i++) {
      threads[i].start();
    }
  }

  private static long scratch(int size, long bytes, Arena memory) {
    try {
      return memory.allocate(Math.max(bytes, 64), 64).address();
    } catch (OutOfMemoryError e) {
      throw new PlanException(
          "not enough memory for %d threads with %d bytes of scratch each; use fewer threads"
              .formatted(size, bytes),
          e);
    }
  }

  /** Workers, the caller included. */
  int size() {
    return workers.length;
  }

  /**
   * Walks all dispatches; returns when all have finished. When a kernel throws, the rest of the
   * walk is skipped and the first failure is thrown here, with the dispatch's label; the team stays
   * usable, but what the kernels keep in buffers for each other may have to be reset.
   */
  void run(Walk next) {
    if (closed) {
      throw new IllegalStateException("the thread team is closed");
    }
    next.rewind();
    failure = null;
    walk = next;
    generation = ++published; // makes the walk visible to the workers
    parking.wake(threads);
    arrivalsOfCaller = walk(next, workers[0], arrivalsOfCaller);
    awaitArrivals(arrivalsOfCaller);
    Failure first = failure;
    if (first != null) {
      throw new KernelFailure(next.label(first.dispatch()), first.cause());
    }
  }

  /** Ends the threads and waits for them. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    generation = ++published;
    parking.wake(threads);
    boolean interrupted = false;
    for (int i = 1; i < threads.length; i++) {
      while (threads[i].isAlive()) {
        try {
          threads[i].join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(Worker worker) {
    long seen = 0;
    long arrivals = 0;
    while (true) {
      seen = awaitWalk(seen, worker.index());
      if (closed) {
        return;
      }
      Walk current = walk;
      if (current != null) {
        arrivals = walk(current, worker, arrivals);
      }
    }
  }

  /** Does this worker's share; returns how many arrivals there will have been when all are done. */
  private long walk(Walk dispatches, Worker worker, long arrivals) {
    long target = arrivals;
    for (int i = 0; i < dispatches.length(); i++) {
      if (i > 0 && dispatches.barrierBefore(i)) {
        target = arrive(target);
        awaitArrivals(target);
      }
      // Every worker meets every barrier, also after a failure: nobody waits for ever.
      if (failure == null) {
        try {
          dispatches.work(i, worker);
        } catch (Throwable t) {
          FAILURE.compareAndSet(this, null, new Failure(i, t));
        }
      }
    }
    return arrive(target);
  }

  private long arrive(long target) {
    ARRIVED.getAndAdd(this, 1L);
    return target + workers.length;
  }

  private void awaitArrivals(long target) {
    long since = 0;
    for (long tries = 0; arrived < target; tries++) {
      since = Backoff.since(tries, since);
      if (!Backoff.brief(since)) {
        Backoff.nap();
      }
    }
  }

  private long awaitWalk(long seen, int index) {
    long since = 0;
    for (long tries = 0; generation == seen; tries++) {
      since = Backoff.since(tries, since);
      if (!Backoff.brief(since)) {
        sleep(seen, index);
      }
    }
    return generation;
  }

  /** Sleeps until there is a walk: an idle session burns no CPU. */
  private void sleep(long seen, int index) {
    parking.announce(index);
    if (generation == seen) {
      LockSupport.park(this);
    }
    parking.withdraw(index);
  }
}

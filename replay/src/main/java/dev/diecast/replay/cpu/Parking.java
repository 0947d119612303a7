package dev.diecast.replay.cpu;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Which workers sleep. A worker announces itself, looks once more for work and then parks; whoever
 * publishes work looks here afterwards. Both sides are sequentially consistent, so one of them sees
 * the other.
 */
final class Parking {
  private final AtomicIntegerArray parked;

  Parking(int workers) {
    parked = new AtomicIntegerArray(workers);
  }

  void announce(int worker) {
    parked.set(worker, 1);
  }

  void withdraw(int worker) {
    parked.set(worker, 0);
  }

  void wake(Thread[] threads) {
    for (int i = 1; i < threads.length; i++) {
      if (parked.get(i) != 0) {
        LockSupport.unpark(threads[i]);
      }
    }
  }
}

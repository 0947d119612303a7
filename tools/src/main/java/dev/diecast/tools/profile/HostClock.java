package dev.diecast.tools.profile;

import dev.diecast.replay.DispatchObserver;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Times the dispatches of one program by when an observer hears that they ended. */
final class HostClock implements DispatchObserver {
  private final int program;
  private final long[] nanos;
  private long last;

  HostClock(int program, int dispatches) {
    this.program = program;
    this.nanos = new long[dispatches];
  }

  /** The first dispatch begins now. */
  void start() {
    last = System.nanoTime();
  }

  @Override
  public void ran(int ran, int dispatch, List<MemorySegment> written) {
    long now = System.nanoTime();
    if (ran == program) {
      nanos[dispatch] = now - last;
    }
    last = System.nanoTime();
  }

  /** Of a dispatch in the last run. */
  double micros(int dispatch) {
    return nanos[dispatch] / 1e3;
  }
}

package dev.diecast.replay.cpu;

import java.lang.foreign.Arena;
import java.util.List;

/** One kernel and a team of threads that runs it as a device would. */
public final class KernelTeam implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final Walk walk;
  private final ThreadTeam team;

  /** Starts the threads. */
  public KernelTeam(BoundKernel kernel, int threads) {
    walk = new Walk(List.of(new Walk.Stop("kernel", kernel, false)));
    team = new ThreadTeam(threads, walk.scratchBytes(), arena);
  }

  /** Runs all items once. */
  public void run() {
    team.run(walk);
  }

  @Override
  public void close() {
    team.close();
    arena.close();
  }
}

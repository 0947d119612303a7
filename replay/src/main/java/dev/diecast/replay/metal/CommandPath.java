package dev.diecast.replay.metal;

/**
 * A way of bringing commands to the GPU. Submissions run and end in the order in which they were
 * submitted, and each sees what those in front of it wrote. Submitting and awaiting allocate
 * nothing.
 */
interface CommandPath extends AutoCloseable {
  /**
   * Submits commands of a program; at most as many submissions as tokens in flight may be under
   * way.
   *
   * @param program its index in the plan
   * @param from first command
   * @param to the command behind the last
   */
  void submit(int program, int from, int to);

  /** Waits for the oldest submission that was not awaited yet. */
  void awaitOldest() throws GpuFault;

  /** After a fault: ends what is under way and takes a new queue. */
  void recover();

  /** Ends what is under way and releases everything. */
  @Override
  void close();
}

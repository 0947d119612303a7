package dev.diecast.replay.metal;

/** Measures the dispatches of a program one by one. */
interface DispatchClock extends AutoCloseable {
  /** Runs a program once; microseconds of each of its dispatches. */
  double[] micros(int program) throws GpuFault;

  @Override
  void close();
}

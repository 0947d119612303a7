package dev.diecast.replay.cpu;

/** The Java twin of a kernel in the catalogue. */
@FunctionalInterface
public interface CpuKernel {
  /** Resolves arguments, checks ranges and returns the kernel ready to run. */
  BoundKernel bind(Bindings bindings);
}

package dev.diecast.tools.selftest;

import dev.diecast.tools.cases.CaseMemory;
import dev.diecast.tools.cases.KernelCase;
import java.util.function.ToDoubleFunction;

/** Runs cases of the kernels' case list on a device. */
interface CaseRunner extends AutoCloseable {
  /** Runs a case, by its index among those that the runner was made for, on that memory. */
  void run(int index, CaseMemory memory);

  /** By slot, how far results of a case may be off. */
  ToDoubleFunction<String> tolerance(KernelCase of);

  @Override
  void close();
}

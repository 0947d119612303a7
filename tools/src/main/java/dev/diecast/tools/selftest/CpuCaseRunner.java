package dev.diecast.tools.selftest;

import dev.diecast.replay.cpu.KernelRun;
import dev.diecast.tools.cases.CaseForm;
import dev.diecast.tools.cases.CaseMemory;
import dev.diecast.tools.cases.CpuTolerance;
import dev.diecast.tools.cases.KernelCase;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Cases on the cpu device's own kernels, which have one form each. */
record CpuCaseRunner(List<CaseForm> forms, int threads) implements CaseRunner {
  @Override
  public void run(int index, CaseMemory memory) {
    KernelCase of = forms.get(index).of();
    try (KernelRun run =
        KernelRun.open(of.contract(), of.constants(), of.packedArgs(), memory.slots(), threads)) {
      run.run();
    }
  }

  @Override
  public ToDoubleFunction<String> tolerance(KernelCase of) {
    return CpuTolerance.of(of);
  }

  @Override
  public void close() {}
}

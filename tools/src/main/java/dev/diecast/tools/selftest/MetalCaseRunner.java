package dev.diecast.tools.selftest;

import dev.diecast.replay.MetalOptions;
import dev.diecast.replay.MetalOptions.Encoder;
import dev.diecast.replay.metal.MetalReplay;
import dev.diecast.tools.cases.CaseForm;
import dev.diecast.tools.cases.CaseMemory;
import dev.diecast.tools.cases.CasePlan;
import dev.diecast.tools.cases.KernelCase;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Cases on a GPU, all of them loaded at once. */
final class MetalCaseRunner implements CaseRunner {
  private final CasePlan cases;
  private final MetalReplay device;

  MetalCaseRunner(List<CaseForm> forms, MetalOptions options) {
    cases = CasePlan.of(forms, "metal");
    MetalOptions one = options.withEncoder(Encoder.DIRECT).withTokensInFlight(1);
    device = MetalReplay.open(cases.plan(), List.of(), one);
  }

  @Override
  public void run(int index, CaseMemory memory) {
    cases
        .buffers()
        .get(index)
        .forEach((slot, buffer) -> device.buffer(buffer).copyFrom(memory.slot(slot)));
    try {
      device.await(device.submit(index));
    } catch (RuntimeException e) {
      device.recover();
      throw e;
    }
    cases
        .buffers()
        .get(index)
        .forEach((slot, buffer) -> {
          MemorySegment to = memory.slot(slot);
          MemorySegment.copy(device.buffer(buffer), 0, to, 0, to.byteSize());
        });
  }

  @Override
  public ToDoubleFunction<String> tolerance(KernelCase of) {
    return of::tolerance;
  }

  @Override
  public void close() {
    device.close();
  }
}

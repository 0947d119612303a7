package dev.diecast.replay.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.kernels.KernelCatalog;
import dev.diecast.kernels.KernelContract;
import org.junit.jupiter.api.Test;

/** Every kernel of the catalogue has its Java twin, and no twin lacks a contract. */
class KernelTwinsTest {
  @Test
  void everyContractHasATwin() {
    assertThat(CpuDevice.kernels().keySet())
        .containsExactlyInAnyOrderElementsOf(
            KernelCatalog.all().stream().map(KernelContract::name).toList());
  }
}

package dev.diecast.tools.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.diecast.kernels.host.BufferTraffic;
import dev.diecast.kernels.host.HostCompiler;
import dev.diecast.kernels.host.HostMode;
import dev.diecast.kernels.host.HostReport;
import dev.diecast.kernels.host.Schedule;
import dev.diecast.kernels.msl.MslSource;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What decoding one token reads, by the checker's own counters: every byte of the weights in use
 * and of the activations, and no other.
 *
 * <p>Lanes that share a block of 256 values each load its scales, from the cache line that the
 * first of them brought. So do the lanes of {@code head_gemv_t_*}, which have eight columns each.
 */
class TrafficTest {
  private static final Set<String> FUSED = Set.of("linears", "expert_gate_up", "expert_down");

  private static final Set<String> ACTIVATIONS = Set.of("x", "shared_x");

  /** Values of the blocks that one lane reads alone. */
  private static final int OWN_BLOCK = 32;

  private static HostRunner runner;

  @BeforeAll
  static void needsClang() {
    assumeTrue(HostCompiler.isAvailable(), "needs clang++ on Linux");
    runner = new HostRunner(HostCompiler.in(HostCasesTest.CACHE), MslSource::ofResource);
  }

  static Stream<CaseForm> products() {
    return HostCasesTest.cases()
        .filter(v -> v.of().kernel().contains("gemv_") || FUSED.contains(v.of().kernel()))
        .filter(v -> v.of().args().getOrDefault("n_tokens", 0).intValue() == 1);
  }

  @ParameterizedTest
  @MethodSource("products")
  void weightsAndActivationsAreReadWhole(CaseForm variant) {
    KernelCase of = variant.of();
    HostReport report = runner.run(variant, HostMode.CHECKED, Schedule.FORWARD).report();
    of.slots()
        .forEach((slot, content) -> {
          BufferTraffic traffic = report.traffic(slot);
          if (content instanceof Content.Blocks blocks) {
            long bytes = used(of, slot, blocks);
            assertThat(traffic.distinctRead()).as("bytes of %s", slot).isEqualTo(bytes);
            if (!of.kernel().startsWith("head_gemv_t_")) {
              boolean own = blocks.type().blockValues() <= OWN_BLOCK;
              assertThat(traffic.read())
                  .as("reads of %s", slot)
                  .isBetween(bytes, own ? bytes : 2 * bytes);
            }
          } else if (ACTIVATIONS.contains(slot)) {
            assertThat(traffic.distinctRead()).as("bytes of %s", slot).isEqualTo(inputs(of, slot));
          }
        });
  }

  /** Of experts, those that were chosen. */
  private static long used(KernelCase of, String slot, Content.Blocks blocks) {
    int experts = slot.equals("shared") ? 1 : number(of, "n_expert", 1);
    int chosen = slot.equals("shared") ? 1 : number(of, "n_used", 1);
    return blocks.bytes() / experts * chosen;
  }

  /** Bytes of the vectors that are multiplied. */
  private static long inputs(KernelCase of, String slot) {
    if (slot.equals("shared_x")) {
      return 4L * number(of, "shared_cols", 0);
    }
    boolean transposed = of.kernel().startsWith("head_gemv_t_");
    int slots = number(of, "x_slot_stride", 0) == 0 ? 1 : number(of, "n_used", 1);
    return 4L * number(of, transposed ? "rows" : "cols", 0) * number(of, "heads", 1) * slots;
  }

  private static int number(KernelCase of, String arg, int otherwise) {
    Number value = of.args().get(arg);
    return value == null ? otherwise : value.intValue();
  }
}

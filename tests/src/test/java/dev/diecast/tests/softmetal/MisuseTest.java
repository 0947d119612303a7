package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.bindings.objc.AutoreleasePool;
import dev.diecast.bindings.objc.MetalException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each planted misuse is caught by its rule, and its twin breaks none. */
@ExtendWith(NeedsSoftMetal.class)
class MisuseTest {
  static List<Misuse> misuses() {
    return Stream.of(
            EncodingMisuses.all(),
            OwnershipMisuses.all(),
            BindingMisuses.all(),
            MemoryMisuses.all(),
            IndirectMisuses.all(),
            Metal4Misuses.all(),
            SystemMisuses.all())
        .flatMap(List::stream)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("misuses")
  void theTwinBreaksNoRule(Misuse misuse) {
    assertThat(findings(misuse.right())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("misuses")
  void theRuleCatchesIt(Misuse misuse) {
    assertThat(findings(misuse.wrong())).extracting(Finding::rule).contains(misuse.rule());
  }

  /** What an act breaks while it runs; what it leaves behind is closed afterwards. */
  private static List<Finding> findings(Misuse.Act act) {
    SoftMetal metal = SoftMetal.load();
    long pool = AutoreleasePool.pushed();
    Gpu gpu = new Gpu();
    try {
      act.on(metal, gpu);
    } catch (MetalException e) {
      // A refusal is a good answer; the rule must be named all the same.
      assertThat(e).hasMessageNotContaining("null");
    }
    metal.settle();
    gpu.close();
    AutoreleasePool.pop(pool);
    return metal.findings();
  }
}

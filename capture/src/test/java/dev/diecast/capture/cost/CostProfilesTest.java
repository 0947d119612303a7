package dev.diecast.capture.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.capture.cost.CostProfile.Basis;
import dev.diecast.plans.PlanException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CostProfilesTest {
  @Test
  void theFamiliesAreThere() {
    assertThat(CostProfiles.all())
        .extracting(CostProfile::name)
        .contains("m1", "m1-max", "m2-pro", "m3-pro", "m4-max", "m5", "h200", "generic-cpu")
        .doesNotHaveDuplicates();
  }

  @Test
  void everyFigureIsOfItsUnitAndStatesItsSource() {
    for (CostProfile profile : CostProfiles.all()) {
      assertThat(profile.description()).as(profile.name()).isNotBlank();
      for (var figure :
          List.of(
              profile.memoryBandwidth(),
              profile.float32(),
              profile.float16(),
              profile.dependentDispatch(),
              profile.concurrentDispatch())) {
        assertThat(figure.source()).as(profile.name()).hasSizeGreaterThan(8);
      }
      assertThat(profile.memoryBandwidth().value()).isBetween(1e10, 1e13);
      assertThat(profile.float32().value()).isBetween(1e11, 1e15);
      assertThat(profile.dependentDispatch().value()).isBetween(1e-7, 1e-4);
      assertThat(profile.concurrentDispatch().value())
          .isLessThanOrEqualTo(profile.dependentDispatch().value());
    }
  }

  @Test
  void theReferenceDevicesAreMeasured() {
    assertThat(CostProfiles.of("m3-pro").memoryBandwidth().value()).isEqualTo(133e9);
    assertThat(CostProfiles.of("h200").memoryBandwidth().basis()).isEqualTo(Basis.MEASURED);
    assertThat(CostProfiles.forTarget("cuda").name()).isEqualTo("h200");
    assertThat(CostProfiles.forTarget("metal").name()).isEqualTo("m3-pro");
  }

  @Test
  void anUnknownNameListsTheKnownOnes() {
    assertThatThrownBy(() -> CostProfiles.of("m9"))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("'m9'")
        .hasMessageContaining("m3-pro, ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[a]\nmemory_gb_s = 3 | guessed | x",
        "[a]\nmemory_gb_s = 3 | measured",
        "[a]\nmemory_gb_s = 0 | measured | x",
        "[a]\nmemory = 3 | measured | x",
        "# no profile\nmemory_gb_s = 3 | measured | x",
      })
  void aBrokenLineIsNamed(String text) {
    assertThatThrownBy(() -> ProfileText.parse("p.txt", text))
        .isInstanceOf(PlanException.class)
        .hasMessageStartingWith("p.txt: line 2 ");
  }

  @Test
  void aMissingFigureIsNamed() {
    assertThatThrownBy(() -> ProfileText.parse("p.txt", "[a]\nmemory_gb_s = 3 | measured | x"))
        .hasMessageContaining("profile 'a' does not state float32_tflops");
  }
}

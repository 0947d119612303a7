package dev.diecast.bindings.metal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class MetalEnumTest {
  private static List<MetalEnum> constants() {
    return Arrays.stream(MetalEnum.class.getPermittedSubclasses())
        .flatMap(type -> Arrays.stream(type.getEnumConstants()))
        .map(MetalEnum.class::cast)
        .toList();
  }

  @Test
  void eachEnumerationStandsForOneOfApples() {
    assertThat(
            Arrays.stream(MetalEnum.class.getPermittedSubclasses())
                .map(type -> ((MetalEnum) type.getEnumConstants()[0]).appleType()))
        .doesNotHaveDuplicates()
        .allMatch(name -> name.startsWith("MTL"));
    assertThat(constants()).extracting(c -> c.appleType() + c.appleName()).doesNotHaveDuplicates();
  }

  @Test
  void namesFollowApples() {
    assertThat(constants())
        .allSatisfy(c -> {
          String ours = ((Enum<?>) c).name().replace("_", "");
          assertThat(c.appleName().replace("_", "").toUpperCase(Locale.ROOT))
              .endsWith(ours.startsWith("V") ? ours.substring(1) : ours);
        });
  }

  @Test
  void masksJoinOptions() {
    assertThat(MetalEnum.mask(ResourceOption.PRIVATE, ResourceOption.UNTRACKED))
        .isEqualTo(32 | 256);
    assertThat(MetalEnum.<ResourceUsage>mask()).isZero();
  }
}

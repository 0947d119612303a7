package dev.diecast.plans;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.kernels.msl.MslModule;
import dev.diecast.kernels.msl.MslSource;
import dev.diecast.kernels.msl.StructLayout;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class StepStateTest {
  @Test
  void kernelsSeeTheSameLayout() throws IOException, IllegalAccessException {
    StructLayout layout =
        MslModule.parse(MslSource.ofResource("advance.metal")).struct("StepState").orElseThrow();
    assertThat(layout.bytes()).isEqualTo(StepState.BYTES);
    int offsets = 0;
    for (Field constant : StepState.class.getDeclaredFields()) {
      if (constant.getType() == long.class && !constant.getName().equals("BYTES")) {
        String name = constant.getName().toLowerCase(Locale.ROOT);
        assertThat(layout.field(name).orElseThrow().offset()).isEqualTo(constant.getLong(null));
        offsets++;
      }
    }
    assertThat(layout.fields()).hasSize(offsets);
    assertThat(layout.field("history").orElseThrow().bytes())
        .isEqualTo(4L * StepState.HISTORY_TOKENS);
  }
}

package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** After each test: no rule of Metal was broken and no object is left. */
public final class SoundSoftMetal implements AfterEachCallback {
  @Override
  public void afterEach(ExtensionContext context) {
    check(SoftMetal.inUse());
  }

  static void check(SoftMetal metal) {
    metal.settle();
    assertThat(metal.findings()).isEmpty();
    assertThat(metal.liveObjects()).isEmpty();
    metal.reset();
  }
}

package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.bindings.objc.AutoreleasePool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The check after each test sees what the test left, and not a library that was reset before. */
@ExtendWith(NeedsSoftMetal.class)
class SoundSoftMetalTest {
  private final Misuse misuse = EncodingMisuses.all().getFirst();
  private SoftMetal metal;

  @BeforeEach
  void load() {
    metal = SoftMetal.load();
  }

  @AfterEach
  void forget() {
    metal.reset();
  }

  @Test
  void aBrokenRuleFails() {
    long pool = AutoreleasePool.pushed();
    Gpu gpu = new Gpu();
    misuse.wrong().on(metal, gpu);
    gpu.close();
    AutoreleasePool.pop(pool);
    assertThatThrownBy(SoundSoftMetalTest::afterATest)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(misuse.rule());
  }

  @Test
  void anObjectLeftFails() {
    long pool = AutoreleasePool.pushed();
    Gpu gpu = new Gpu();
    assertThatThrownBy(SoundSoftMetalTest::afterATest).isInstanceOf(AssertionError.class);
    gpu.close();
    AutoreleasePool.pop(pool);
    assertThatCode(SoundSoftMetalTest::afterATest).doesNotThrowAnyException();
  }

  private static void afterATest() {
    SoundSoftMetal.check(SoftMetal.inUse());
  }
}

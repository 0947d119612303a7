package dev.diecast.tools.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class ScoreTest {
  @Test
  void theIntervalIsWilsons() {
    // Newcombe (1998), table I: 81 of 263 has 0.2553 to 0.3662, 15 of 148 has 0.0624 to 0.1605.
    Score many = new Score(81, 263);
    assertThat(many.low()).isEqualTo(0.2553, within(1e-4));
    assertThat(many.high()).isEqualTo(0.3662, within(1e-4));
    Score few = new Score(15, 148);
    assertThat(few.low()).isEqualTo(0.0624, within(1e-4));
    assertThat(few.high()).isEqualTo(0.1605, within(1e-4));
  }

  @Test
  void allOrNothingIsNotCertain() {
    for (int total = 1; total <= 100; total++) {
      assertThat(new Score(total, total).high()).isEqualTo(1);
      assertThat(new Score(0, total).low()).isZero();
    }
    assertThat(new Score(20, 20).low()).isBetween(0.8, 0.9);
    assertThat(new Score(0, 20).high()).isBetween(0.1, 0.2);
  }

  @Test
  void aScoreOfNothingIsNone() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Score(0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Score(3, 2));
  }
}

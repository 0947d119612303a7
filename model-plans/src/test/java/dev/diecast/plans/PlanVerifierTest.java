package dev.diecast.plans;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlanVerifierTest {
  @Test
  void findsNothingInASoundPlan() {
    assertThat(PlanVerifier.verify(SmallPlan.build())).isEmpty();
  }
}

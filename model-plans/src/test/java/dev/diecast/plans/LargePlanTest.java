package dev.diecast.plans;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.plans.defects.PlanEdits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A plan of the size of the largest models: 2000 dispatches in each of two programs. */
class LargePlanTest {
  private static final int LAYERS = 120;

  @Test
  void isVerifiedAndReadInAMoment() {
    Plan large = repeated(SmallPlan.build());
    byte[] bytes = PlanCodec.encode(large);
    assertThat(large.programs()).allMatch(program -> program.dispatches().size() > 2000);
    assertThat(PlanVerifier.verify(large)).isEmpty();

    Duration verify = fastest(() -> PlanVerifier.check(large));
    Duration read = fastest(() -> PlanCodec.decode(bytes));

    // Several times what an idle machine needs.
    assertThat(verify).isLessThan(Duration.ofMillis(500));
    assertThat(read).isLessThan(Duration.ofSeconds(1));
  }

  private static Duration fastest(Runnable work) {
    Duration best = Duration.ofDays(1);
    for (int i = 0; i < 10; i++) {
      long start = System.nanoTime();
      work.run();
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      best = took.compareTo(best) < 0 ? took : best;
    }
    return best;
  }

  /** The steps but the last, over and over, then the last. */
  private static Plan repeated(Plan plan) {
    return PlanEdits.programs(all -> all.stream().map(LargePlanTest::repeated).toList())
        .apply(plan);
  }

  private static Program repeated(Program program) {
    int body = program.dispatches().size() - 1;
    List<Dispatch> dispatches = new ArrayList<>();
    List<Program.ArenaValue> values = new ArrayList<>();
    for (int layer = 0; layer < LAYERS; layer++) {
      dispatches.addAll(program.dispatches().subList(0, body));
      int first = layer * body;
      for (Program.ArenaValue value : program.arenaValues()) {
        values.add(
            new Program.ArenaValue(
                value.label() + "." + layer,
                value.offset(),
                value.bytes(),
                first + value.firstDispatch(),
                first + value.lastDispatch()));
      }
    }
    dispatches.add(program.dispatches().getLast());
    return new Program(
        program.name(),
        program.tokens(),
        dispatches,
        program.arenaLowerBoundBytes(),
        program.arenaNaiveBytes() * LAYERS,
        values);
  }
}

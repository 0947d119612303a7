package dev.diecast.capture.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.plans.PlanException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TuningDatabaseTest {
  private static final TuningKey KEY = new TuningKey("cpu", "attention", "heads=4 dk=64");

  @Test
  void textAndBack() {
    TuningDatabase database =
        TuningDatabase.EMPTY
            .with(new TuningKey("metal", "gemv", "rows=8"), "threads", 64)
            .with(KEY, "splits", 8)
            .with(KEY, "rows", 2);
    assertThat(database.text())
        .isEqualTo("cpu attention heads=4 dk=64: rows=2 splits=8\nmetal gemv rows=8: threads=64\n");
    assertThat(TuningDatabase.parse("# why\n\n" + database.text(), "t")).isEqualTo(database);
  }

  @Test
  void theOwnFileIsWellFormed() {
    assertThat(TuningDatabase.builtIn().choices()).isNotNull();
  }

  @Test
  void anotherDatabaseGoesBefore() {
    TuningDatabase own = TuningDatabase.EMPTY.with(KEY, "splits", 8);
    TuningDatabase other = TuningDatabase.EMPTY.with(KEY, "splits", 2);
    assertThat(own.overriddenBy(other).find(KEY, "splits")).hasValue(2);
    assertThat(other.overriddenBy(TuningDatabase.EMPTY).find(KEY, "splits")).hasValue(2);
    assertThat(own.find(KEY, "rows")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cpu attention heads=4",
        "cpu attention: splits=8",
        "cpu attention heads=x: splits=8",
        "cpu attention heads=4: splits=-1",
        "cpu attention heads=4: splits=99999999999999999999"
      })
  void otherLinesAreRefusedWithTheirPlace(String line) {
    assertThatThrownBy(() -> TuningDatabase.parse("# first\n" + line, "my.txt"))
        .isInstanceOf(PlanException.class)
        .hasMessageStartingWith("my.txt:2: expected");
  }

  @Test
  void aKeyComesOnce() {
    String line = "cpu attention heads=4: splits=8\n";
    assertThatThrownBy(() -> TuningDatabase.parse(line + line, "my.txt"))
        .hasMessage("my.txt:2: 'cpu attention heads=4' comes twice");
  }

  @Test
  void aCompilationRemembersWhatItTook() {
    Tuning tuning = new Tuning(new TuningDatabase(Map.of(KEY, Map.of("splits", 8L))), "cpu");
    assertThat(tuning.choose("attention", "heads=4 dk=64", "splits", 3, 1, 16)).isEqualTo(8);
    assertThat(tuning.choose("attention", "heads=4 dk=64", "splits", 3, 1, 4)).isEqualTo(3);
    assertThat(tuning.choose("attention", "heads=5 dk=64", "splits", 3, 1, 16)).isEqualTo(3);
    assertThat(tuning.taken())
        .singleElement()
        .satisfies(choice -> {
          assertThat(choice.key()).isEqualTo("cpu attention heads=4 dk=64: splits");
          assertThat(choice.value()).isEqualTo("8");
        });
  }
}

package dev.diecast.plans.defects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.plans.Finding;
import dev.diecast.plans.PlanVerifier;
import dev.diecast.plans.SmallPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A sound plan with one thing spoiled: the verifier says what and where. */
class PlantedDefectsTest {
  private static final Path PAGE = Path.of("../docs/plan-format.md");

  private static Map<String, List<Defect>> groups() {
    Map<String, List<Defect>> groups = new LinkedHashMap<>();
    groups.put("header", HeaderDefects.all());
    groups.put("buffers, tensors", BufferDefects.all());
    groups.put("programs", ProgramDefects.all());
    groups.put("ranges", RangeDefects.all());
    groups.put("kernel contracts", ContractDefects.all());
    groups.put("activations", SpanDefects.all());
    groups.put("experts", ExpertDefects.all());
    groups.put("order", HazardDefects.all());
    groups.put("arena", ArenaDefects.all());
    return groups;
  }

  static Stream<Defect> defects() {
    return groups().values().stream().flatMap(List::stream);
  }

  @ParameterizedTest
  @MethodSource("defects")
  void isFoundWhereItIs(Defect defect) {
    List<Finding> findings = PlanVerifier.verify(defect.plant().apply(SmallPlan.build()));
    assertThat(findings)
        .anySatisfy(finding -> {
          assertThat(finding.location()).isEqualTo(defect.location());
          assertThat(finding.message()).contains(defect.message());
        });
  }

  @Test
  void everyKindIsPlantedOnce() {
    assertThat(defects().map(Defect::kind)).doesNotHaveDuplicates();
  }

  @Test
  void thePageListsEveryKind() throws IOException {
    String rows =
        groups().entrySet().stream()
            .map(group -> "| %s | %s |\n".formatted(group.getKey(), kinds(group.getValue())))
            .collect(Collectors.joining());
    assertThat(Files.readString(PAGE)).as("the table of defects in %s", PAGE).contains(rows);
  }

  private static String kinds(List<Defect> defects) {
    return defects.stream().map(Defect::kind).collect(Collectors.joining("; "));
  }
}

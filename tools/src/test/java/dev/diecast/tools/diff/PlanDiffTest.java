package dev.diecast.tools.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.capture.passes.PassSelection;
import dev.diecast.plans.Plan;
import dev.diecast.plans.shapes.KnownShapes;
import dev.diecast.tools.diff.Edits.Kind;
import dev.diecast.tools.inspect.InspectPlan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PlanDiffTest {
  private static Plan plan(CompileOptions options) {
    return PlanCompiler.compile(KnownShapes.find("tinyllama-1.1b:q4_0"), options);
  }

  private static final Plan FUSED = plan(CompileOptions.DEFAULTS);
  private static final Plan PLAIN =
      plan(CompileOptions.DEFAULTS.withPasses(PassSelection.parse("-fuse")));

  private static PlanDiff diff(Plan a, Plan b) {
    return PlanDiff.of(a, InspectPlan.costs(a), b, InspectPlan.costs(b));
  }

  private static String text(PlanDiff diff) throws IOException {
    StringBuilder out = new StringBuilder();
    PlanDiffText.print(diff, out);
    return out.toString();
  }

  @Test
  void aPlanDoesNotDifferFromItself() throws IOException {
    PlanDiff same = diff(FUSED, plan(CompileOptions.DEFAULTS));
    assertThat(same.differs()).isFalse();
    assertThat(text(same)).isEqualTo("no differences\n");
  }

  @Test
  void fusionTakesDispatchesAway() throws IOException {
    PlanDiff diff = diff(PLAIN, FUSED);
    ProgramDiff decode = diff.programs().getFirst();
    Change dispatches = decode.totals().getFirst();
    assertThat(dispatches.name()).isEqualTo("dispatches");
    assertThat(dispatches.before()).isEqualTo(PLAIN.programs().getFirst().dispatches().size());
    assertThat(dispatches.after()).isEqualTo(FUSED.programs().getFirst().dispatches().size());
    assertThat(dispatches.delta()).isNegative();
    assertThat(decode.kernels())
        .anySatisfy(kernel -> {
          assertThat(kernel.name()).isEqualTo("add");
          assertThat(kernel.after()).isZero();
        });
    assertThat(text(diff))
        .containsPattern(
            "dispatches +" + (long) dispatches.before() + " +" + (long) dispatches.after())
        .containsPattern("layers 0\\.\\.21: \\d+ -> \\d+ dispatches each")
        .containsPattern("(?m)^    - .*  add$");
  }

  @Test
  void layersWithTheSameChangesStandTogether() {
    LayerDiff layers =
        diff(PLAIN, FUSED).programs().getFirst().layers().stream()
            .filter(layer -> layer.layers().contains(0))
            .findFirst()
            .orElseThrow();
    assertThat(layers.layers()).hasSize(22).startsWith(0).endsWith(21);
    assertThat(layers.lines()).extracting(LayerDiff.Line::sign).contains("-");
  }

  @Test
  void changedBytesAreSpelledOut() throws IOException {
    String text =
        text(diff(FUSED, plan(CompileOptions.DEFAULTS.withContext(1024).withPrefillTokens(8))));
    assertThat(text)
        .contains("context: 2048 -> 1024", "- program prefill-32", "+ program prefill-8")
        .containsPattern("(?m)^    ~ .*attention.*: other bytes \\d+ -> \\d+");
  }

  @Test
  void anotherWeightTypeIsAnotherKernelForTheSameDispatch() throws IOException {
    Plan other =
        PlanCompiler.compile(KnownShapes.find("tinyllama-1.1b:q8_0"), CompileOptions.DEFAULTS);
    assertThat(text(diff(FUSED, other)))
        .contains("weight_type: q4_0 -> q8_0")
        .containsPattern("(?m)^    ~ attn_output.*: now .*q8_0\\]?, weight bytes \\d+ -> \\d+")
        .doesNotContainPattern("(?m)^    [-+] ");
  }

  @Test
  void jsonSaysTheSame() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PlanDiffJson.write(diff(PLAIN, FUSED), bytes);
    JsonNode json = JsonMapper.shared().readTree(bytes.toByteArray());
    assertThat(json.get("differs").asBoolean()).isTrue();
    JsonNode decode = json.get("programs").get(0);
    assertThat(decode.get("totals").get("dispatches").get("delta").asLong()).isNegative();
    assertThat(decode.get("kernels").get("add").get("after").asLong()).isZero();
    assertThat(decode.get("layers").get(1).get("changes").size()).isPositive();
  }

  @Test
  void editsKeepTheLongestCommonPart() {
    List<Edits.Edit> edits = Edits.between(List.of("a", "b", "c", "d"), List.of("b", "x", "d"));
    assertThat(edits)
        .extracting(Edits.Edit::kind)
        .containsExactly(Kind.REMOVE, Kind.KEEP, Kind.REMOVE, Kind.ADD, Kind.KEEP);
    assertThat(Edits.between(List.of(), List.of("a"))).hasSize(1);
  }

  @Test
  void rangesAreShort() {
    assertThat(PlanDiffText.ranges(List.of(0, 1, 2, 5, 7, 8))).isEqualTo("0..2, 5, 7..8");
  }
}

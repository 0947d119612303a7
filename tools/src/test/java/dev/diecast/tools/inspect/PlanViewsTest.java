package dev.diecast.tools.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.capture.cost.CostModel;
import dev.diecast.capture.cost.CostProfiles;
import dev.diecast.capture.cost.ProgramCost;
import dev.diecast.capture.passes.PassSelection;
import dev.diecast.plans.Dispatch;
import dev.diecast.plans.KernelUse;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanCodec;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.Program;
import dev.diecast.plans.gguf.TensorType;
import dev.diecast.plans.shapes.KnownShapes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PlanViewsTest {
  private static Plan small;
  private static Plan shape;

  @BeforeAll
  static void plans() throws IOException {
    small = PlanCodec.decode(Path.of("../model-plans/src/test/resources/small.plan"));
    shape =
        PlanCompiler.compile(
            KnownShapes.find("qwen3-0.6b:q8_0"), CompileOptions.DEFAULTS.withDevice("metal"));
  }

  private static Views views(
      boolean layers, int layer, boolean kernels, boolean why, boolean memory) {
    OptionalInt one = layer < -1 ? OptionalInt.empty() : OptionalInt.of(layer);
    return new Views(layers, one, kernels, why, memory, "decode", 100);
  }

  private static String text(Plan plan, Views views) throws IOException {
    StringBuilder out = new StringBuilder();
    InspectPlan.views(plan, InspectPlan.costs(plan), views, out);
    return out.toString();
  }

  @Test
  void layersAddUpToTheProgram() {
    Program decode = shape.programs().getFirst();
    ProgramCost cost = InspectPlan.costs(shape).cost(decode);
    List<LayerCost> layers = LayerCost.of(decode, cost);
    ProgramTotals totals = ProgramTotals.of(shape, decode);
    assertThat(layers).hasSize(28 + 2);
    assertThat(layers.stream().mapToLong(LayerCost::dispatches).sum())
        .isEqualTo(totals.dispatches());
    assertThat(layers.stream().mapToLong(LayerCost::barriers).sum()).isEqualTo(totals.barriers());
    assertThat(layers.stream().mapToLong(LayerCost::weightBytes).sum())
        .isEqualTo(totals.weightsReadBytes());
    assertThat(layers.stream().mapToDouble(LayerCost::predictedMicros).sum())
        .isCloseTo(cost.predictedMicros(), within(1e-6));
  }

  @Test
  void layersThatAreAlikeShareARow() throws IOException {
    String table = text(shape, views(true, -2, false, false, false));
    assertThat(table)
        .contains("predicted for m3-pro")
        .containsPattern("(?m)^  before +\\d")
        .containsPattern("(?m)^  0\\.\\.27 +\\d+ +\\d+ +[0-9.]+ MiB")
        .containsPattern("(?m)^  after +\\d");
  }

  @Test
  void kernelsShareOutTheTime() throws IOException {
    Program decode = shape.programs().getFirst();
    ProgramCost cost = InspectPlan.costs(shape).cost(decode);
    List<KernelBudget> kernels = KernelBudget.of(shape, decode, cost);
    assertThat(kernels.stream().mapToDouble(KernelBudget::share).sum()).isCloseTo(1, within(1e-9));
    assertThat(kernels.stream().mapToLong(KernelBudget::calls).sum())
        .isEqualTo(decode.dispatches().size());
    assertThat(kernels).isSortedAccordingTo((a, b) -> Double.compare(b.micros(), a.micros()));
    assertThat(text(shape, views(false, -2, true, false, false)))
        .containsPattern("(?m)^  all +" + decode.dispatches().size() + " ")
        .containsPattern("\\d+ traced operations in \\d+ dispatches: \\d+\\.\\d\\d each");
  }

  @Test
  void oneLayerShowsItsDispatchesOnly() throws IOException {
    String layer = text(shape, views(false, 3, false, false, false));
    assertThat(layer).contains("blk.3.").doesNotContain("blk.2.", "blk.4.");
    long own =
        shape.programs().getFirst().dispatches().stream().filter(d -> d.layer() == 3).count();
    assertThat(layer.lines().filter(line -> line.contains("; roofline ") && line.startsWith("   ")))
        .hasSize((int) own);
    assertThat(text(shape, views(false, -1, false, false, false))).doesNotContain("blk.0.attn");
  }

  @Test
  void anUnknownLayerOrProgramIsOneError() {
    assertThatThrownBy(() -> text(shape, views(false, 28, false, false, false)))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("no layer 28")
        .hasMessageContaining("0 to 27");
    Views other = new Views(true, OptionalInt.empty(), false, false, false, "encode", 100);
    assertThatThrownBy(() -> text(shape, other))
        .isInstanceOf(PlanException.class)
        .hasMessageContaining("'encode'")
        .hasMessageContaining("decode, prefill-32");
  }

  @Test
  void whyNamesSourceOperationsAndRulesThatChangedSomething() throws IOException {
    String why = text(shape, views(false, 5, false, true, false));
    assertThat(why)
        .containsPattern("from .*blk\\.5\\.ffn_down, blk\\.5\\.")
        .containsPattern("by .*fuse-residual")
        .containsPattern("fuse-residual \\(56 in the plan\\): linear\\(x\\) \\+ r -> ");
    Plan plain =
        PlanCompiler.compile(
            KnownShapes.find("qwen3-0.6b:q8_0"),
            CompileOptions.DEFAULTS.withPasses(PassSelection.parse("-fuse")));
    FiredRules rules = new FiredRules(plain);
    assertThat(plain.programs().getFirst().dispatches())
        .allSatisfy(
            dispatch -> assertThat(rules.of(dispatch)).noneMatch(rule -> rule.startsWith("fuse")));
  }

  @Test
  void memoryRelatesTheArenaToItsBounds() throws IOException {
    Program decode = shape.programs().getFirst();
    ProgramTotals totals = ProgramTotals.of(shape, decode);
    assertThat(text(shape, views(false, -2, false, false, true)))
        .contains(
            "  arena of decode: "
                + totals.arenaBytes()
                + " bytes, "
                + MemoryReport.times(totals.arenaBytes(), totals.arenaNaiveBytes()))
        .containsPattern("(?m)^  kv +" + totals.kvBytes() + " .* per token of 4096")
        .containsPattern("offset +bytes +from +to +life +value");
    assertThat(MemoryReport.times(3, 4)).isEqualTo("0.750 times");
  }

  @Test
  void weightsAreShownByTheNameOfTheirTensor() throws IOException {
    assertThat(text(small, views(false, 0, false, false, false)))
        .containsPattern("w=weights\\+\\d+\\[\\d+] R  blk\\.0\\.attn_q\\.weight\n")
        .containsPattern(
            "w=weights\\+\\d+ \\+ ids\\[slot] \\* 1088 .*1088 bytes\\)  blk\\.0\\.ffn_[a-z]+_exps\\.weight\n");
  }

  @Test
  void constantsAreShownAsTypesWithoutUnboundSlots() {
    KernelUse linears =
        new KernelUse(
            "linears",
            "",
            List.of(
                new KernelUse.Constant("w_0_type", TensorType.Q4_0.id()),
                new KernelUse.Constant("up_0_type", TensorType.Q4_0.id()),
                new KernelUse.Constant("w_1_type", TensorType.F32.id()),
                new KernelUse.Constant("w_2_type", -1),
                new KernelUse.Constant("transposed", 1)),
            0);
    assertThat(FunctionConstants.text(linears))
        .isEqualTo("w_0_type=q4_0 up_0_type=q4_0 w_1_type=f32 transposed=1");
    assertThat(FunctionConstants.label(linears)).isEqualTo("linears[2*q4_0+f32]");
  }

  @Test
  void depthAndProfileChangeThePrediction() throws IOException {
    JsonNode near = json(CostModel.at(shape, CostProfiles.of("m1"), 0));
    JsonNode far = json(CostModel.at(shape, CostProfiles.of("m4-max"), 4000));
    JsonNode first = near.get("programs").get(0).get("cost");
    JsonNode second = far.get("programs").get(0).get("cost");
    assertThat(first.get("profile").asString()).isEqualTo("m1");
    assertThat(second.get("depth").asLong()).isEqualTo(4000);
    assertThat(second.get("predicted_us").asDouble())
        .isPositive()
        .isLessThan(first.get("predicted_us").asDouble());
  }

  @Test
  void jsonHoldsCostsOfEveryDispatchLayerAndKernel() throws IOException {
    JsonNode program = json(InspectPlan.costs(shape)).get("programs").get(0);
    double sum = 0;
    for (JsonNode dispatch : program.get("dispatches")) {
      sum += dispatch.get("cost").get("predicted_us").asDouble();
      assertThat(dispatch.get("cost").get("bound").asString())
          .isIn("memory", "compute", "dispatch");
      assertThat(dispatch.get("rules").isArray()).isTrue();
    }
    assertThat(sum).isCloseTo(program.get("cost").get("predicted_us").asDouble(), within(1e-3));
    assertThat(program.get("layers")).hasSize(30);
    assertThat(program.get("kernel_budget").get(0).get("share").asDouble()).isBetween(0.1, 1.0);
    List<Dispatch> dispatches = shape.programs().getFirst().dispatches();
    assertThat(program.get("fusion").get("source_ops").asLong())
        .isEqualTo(dispatches.stream().flatMap(d -> d.sourceOps().stream()).distinct().count());
  }

  @Test
  void profilesAreListedWithTheSourceOfEveryFigure() throws IOException {
    StringBuilder out = new StringBuilder();
    ProfileList.text(out);
    assertThat(out.toString())
        .contains("m3-pro: Apple M3 Pro")
        .containsPattern("memory_gb_s +133\\.00 +measured +https://");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ProfileList.json(bytes);
    JsonNode profiles = JsonMapper.shared().readTree(bytes.toByteArray()).get("profiles");
    assertThat(profiles).hasSize(CostProfiles.all().size());
    assertThat(profiles.get(0).get("memory_gb_s").get("source").asString()).isNotBlank();
  }

  private static JsonNode json(CostModel model) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    InspectPlan.json(shape, model, bytes);
    return JsonMapper.shared().readTree(bytes.toByteArray());
  }
}

package dev.diecast.tools.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class InspectPlanTest {
  private static Plan plan;
  private static String text;
  private static JsonNode json;

  @BeforeAll
  static void inspect() throws IOException {
    plan = PlanCodec.decode(Path.of("../model-plans/src/test/resources/small.plan"));
    StringBuilder readable = new StringBuilder();
    InspectPlan.text(plan, readable, InspectPlan.Options.ALL);
    text = readable.toString();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    InspectPlan.json(plan, bytes);
    json = JsonMapper.shared().readTree(bytes.toByteArray());
  }

  @Test
  void saysWhatThePlanIsFor() {
    assertThat(text).startsWith("plan for cpu, by diecast test\nmodel small (qwen3moe)\n");
  }

  @Test
  void countsKernelsByProgram() {
    assertThat(text).containsPattern("gemv_q8_0 +4 +4\n").containsPattern("dispatches +18 +18\n");
  }

  @Test
  void listsDispatchesWithTheirBindings() {
    assertThat(text)
        .contains("     2  blk.0.attn_q  gemv_q8_0  grid 1,1,1 x 1,1,1\n")
        .contains("        3 y=arena+1024[128] W\n")
        .contains("        2 step=state+0[1088] R\n")
        .contains("n_tokens=1 rows=32 cols=32");
  }

  @Test
  void showsExpertAddressesAsPointerOffsets() {
    assertThat(text)
        .containsPattern(
            "0 w=weights\\+\\d+ \\+ ids\\[slot] \\* 1088 \\[4352] R  \\(4 experts of 1088 bytes\\)");
  }

  @Test
  void drawsTheLivesOfArenaValues() {
    assertThat(text)
        .contains("arena of decode\n  2832 bytes in use")
        .containsPattern("0 +128 +0 +14 +###############\\.\\.\\. +x\n")
        .containsPattern("1024 +128 +8 +9 +\\.{8}##\\.{8} +blk.0.attended\n");
  }

  @Test
  void drawsBarriersAsRules() {
    String decode =
        text.substring(text.indexOf("program decode"), text.indexOf("arena of prefill-4"));
    assertThat(decode.lines().filter(line -> line.endsWith("- barrier"))).hasSize(14);
    assertThat(decode).containsPattern("- barrier\n     2  blk.0.attn_q ");
  }

  @Test
  void leavesOutWhatASummaryDoesNotNeed() throws IOException {
    StringBuilder summary = new StringBuilder();
    InspectPlan.text(plan, summary, InspectPlan.Options.SUMMARY);
    assertThat(summary.toString()).contains("totals").doesNotContain("arena of", "program decode:");
  }

  @Test
  void totalsStandByProgramAndForDecode() {
    JsonNode totals = json.get("totals");
    for (String name : new String[] {"decode", "prefill-4"}) {
      assertThat(totals.get(name).get("dispatches").asInt()).isEqualTo(18);
      assertThat(totals.get(name).get("barriers").asInt()).isEqualTo(14);
      assertThat(totals.get(name).get("kernels").asInt()).isEqualTo(13);
      assertThat(totals.get(name).get("weights_bytes").asLong()).isEqualTo(12_736);
      assertThat(totals.get(name).get("kv_bytes").asLong()).isEqualTo(2048);
    }
    assertThat(totals.get("arena_bytes").asLong()).isEqualTo(2832);
    assertThat(totals.get("arena_bytes")).isEqualTo(totals.get("decode").get("arena_bytes"));
    assertThat(totals.get("arena_lower_bound_bytes").asLong())
        .isEqualTo(plan.programs().getFirst().arenaLowerBoundBytes());
    assertThat(totals.get("prefill-4").get("arena_bytes").asLong()).isEqualTo(3648);
  }

  @Test
  void jsonHoldsEveryDispatch() {
    for (int program = 0; program < 2; program++) {
      assertThat(json.get("programs").get(program).get("dispatches")).hasSize(18);
    }
    JsonNode expert = json.get("programs").get(0).get("dispatches").get(12);
    assertThat(expert.get("kernel").asString()).isEqualTo("expert_gemv_q8_0");
    assertThat(expert.get("args").get("n_expert").asInt()).isEqualTo(4);
    JsonNode weights = expert.get("bindings").get(0);
    assertThat(weights.get("buffer").asString()).isEqualTo("weights");
    assertThat(weights.get("expert").get("stride").asLong()).isEqualTo(1088);
  }
}

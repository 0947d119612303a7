package dev.diecast.tools.inspect.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.plans.Plan;
import dev.diecast.tools.inspect.TestPlans;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PlanPageTest {
  private static final Pattern DATA =
      Pattern.compile(
          "<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL);

  private static JsonNode data(String page) {
    Matcher matcher = DATA.matcher(page);
    assertThat(matcher.find()).isTrue();
    return JsonMapper.shared().readTree(matcher.group(1));
  }

  @Test
  void holdsEveryDispatchBindingAndValue() {
    Plan plan = TestPlans.small();
    JsonNode data = data(Pages.of(plan));
    for (int p = 0; p < plan.programs().size(); p++) {
      JsonNode program = data.get("programs").get(p);
      var expected = plan.programs().get(p);
      assertThat(program.get("dispatches")).hasSameSizeAs(expected.dispatches());
      assertThat(program.get("values")).hasSameSizeAs(expected.arenaValues());
      for (int i = 0; i < expected.dispatches().size(); i++) {
        assertThat(program.get("dispatches").get(i).get(14))
            .hasSameSizeAs(expected.dispatches().get(i).bindings());
      }
    }
    JsonNode expert = data.get("programs").get(0).get("dispatches").get(12).get(14).get(0);
    assertThat(expert.get(6).asInt()).isEqualTo(1);
    assertThat(expert.get(8).asLong()).isEqualTo(1088);
  }

  @Test
  void aLargePlanMakesAPageOfLessThanThreeMegabytes() {
    String page = Pages.of(TestPlans.shape("glm-4.7-flash:q4_0"));
    assertThat(page.getBytes(UTF_8)).hasSizeBetween(100_000, 3_000_000);
  }

  /** The one address is the name space of SVG, which nothing loads. */
  @Test
  void loadsNothing() {
    String page = Pages.of(TestPlans.small());
    String code = DATA.matcher(page).replaceAll("");
    assertThat(code.replace("http://www.w3.org/2000/svg", "")).doesNotContain("http:", "https:");
    assertThat(code)
        .doesNotContain("@import", "url(h", "<link", " src=", "fetch(", "innerHTML", "eval(")
        .contains("default-src 'none'");
  }

  @Test
  void namesCannotLeaveTheData() {
    String page = Pages.of(HostilePlan.plan());
    assertThat(page).doesNotContain("<img", "'owned'</script>", "<!--", "\u2028");
    assertThat(List.of(page.split("<script", -1))).hasSize(3);
    assertThat(List.of(page.split("</title>", -1))).hasSize(2);
    assertThat(data(page).get("model").get("name").asString()).isEqualTo(HostilePlan.NAME);
    assertThat(data(page).get("programs").get(0).get("dispatches").get(1).get(0).asString())
        .startsWith("\"'\\</title><!--<script>&lt;");
  }
}

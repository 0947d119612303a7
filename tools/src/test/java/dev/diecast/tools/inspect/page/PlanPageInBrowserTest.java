package dev.diecast.tools.inspect.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.diecast.plans.Plan;
import dev.diecast.tools.inspect.TestPlans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as a browser sees it. */
class PlanPageInBrowserTest {
  private static final Pattern ROW = Pattern.compile("<tr class=\"row[^>]*>");

  @TempDir static Path dir;

  private static Browser browser;

  @BeforeAll
  static void find() {
    Optional<Browser> found = Browser.find();
    assumeTrue(found.isPresent(), "no chromium or google-chrome on the PATH");
    browser = found.get();
  }

  private static Browser.Visit open(String page, String fragment)
      throws IOException, InterruptedException {
    Path file = Files.writeString(Files.createTempFile(dir, "page", ".html"), page);
    return browser.open(file, fragment, dir);
  }

  private static Browser.Visit works(String page, String fragment)
      throws IOException, InterruptedException {
    Browser.Visit visit = open(page, fragment);
    assertThat(visit.console()).isEmpty();
    assertThat(visit.dom()).contains("data-ready=\"true\"");
    return visit;
  }

  private static long shown(Browser.Visit visit) {
    return ROW.matcher(visit.dom()).results().filter(r -> !r.group().contains("hidden")).count();
  }

  private static long rows(Browser.Visit visit) {
    return ROW.matcher(visit.dom()).results().count();
  }

  @Test
  void showsEveryDispatchAndDrawsALayer() throws Exception {
    Plan plan = TestPlans.shape("qwen2.5-0.5b:q4_0");
    Browser.Visit visit = works(Pages.of(plan), "layer=3");
    assertThat(shown(visit)).isEqualTo(plan.programs().getFirst().dispatches().size());
    long layer =
        plan.programs().getFirst().dispatches().stream().filter(d -> d.layer() == 3).count();
    assertThat(visit.dom().split("<g class=\"box\"", -1)).hasSize((int) layer + 1);
    assertThat(visit.dom())
        .contains("class=\"bound\"", "class=\"barrier\"", "class=\"column lit\"");
  }

  @Test
  void searchesByLabelKernelAndSourceOp() throws Exception {
    Plan plan = TestPlans.small();
    Browser.Visit visit = works(Pages.of(plan), "q=ATTN&program=decode");
    long expected =
        plan.programs().getFirst().dispatches().stream()
            .filter(d ->
                d.label().contains("attn")
                    || plan.kernels().get(d.kernel()).name().contains("attn")
                    || String.join(" ", d.sourceOps()).contains("attn"))
            .count();
    assertThat(shown(visit)).isEqualTo(expected).isPositive().isLessThan(rows(visit));
    assertThat(visit.dom()).contains(expected + " of " + rows(visit));
  }

  @Test
  void showsExpertAddressesOfAnOpenDispatch() throws Exception {
    Browser.Visit visit = works(Pages.of(TestPlans.small()), "program=decode&open=12");
    assertThat(visit.dom()).containsPattern("weights \\+ \\d+ \\+ ids\\[1] \\* 1088");
  }

  @Test
  void hostileNamesAreText() throws Exception {
    Browser.Visit visit = works(Pages.of(HostilePlan.plan()), "open=0,1");
    assertThat(rows(visit)).isEqualTo(2);
    assertThat(visit.dom()).doesNotContain("<img", "<title>owned");
  }

  @Test
  void labelsStayInTheirBoxes() throws Exception {
    String wide = "W".repeat(60);
    Plan plan = TestPlans.bare(List.of(TestPlans.dispatch(wide, false)), List.of());
    Browser.Visit visit = works(Pages.of(plan), "layer=0");
    // 31 letters are kept; in no font do as many of these fit 207 pixels.
    assertThat(visit.dom())
        .containsPattern("class=\"label\"[^>]*>W{8,25}\u2026<")
        .contains("<title>0 " + wide);
  }

  /** Without this, an empty console would say nothing. */
  @Test
  void noticesAScriptThatFails() throws Exception {
    String page = Pages.of(TestPlans.small()).replace("id=\"flow\"", "id=\"fl\"");
    Browser.Visit visit = open(page, "");
    assertThat(visit.console()).anyMatch(line -> line.contains("TypeError"));
    assertThat(visit.dom()).doesNotContain("data-ready=\"true\"");
  }
}

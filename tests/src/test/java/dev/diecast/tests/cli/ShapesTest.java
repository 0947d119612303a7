package dev.diecast.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.plans.PlanFiles;
import dev.diecast.plans.Program;
import dev.diecast.plans.shapes.KnownShapes;
import dev.diecast.tests.OracleModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shapes are listed, made of models, and compile in their place. */
final class ShapesTest {
  private static final Path MODEL = OracleModels.named("glmflash.q4_0").gguf();

  @TempDir Path dir;

  private String at(String name) {
    return dir.resolve(name).toString();
  }

  private static String good(String... args) {
    Cli run = Cli.run(args);
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    return run.text();
  }

  @Test
  void listsEveryKnownShapeWithItsSizes() {
    String list = good("shapes");
    assertThat(list).contains(KnownShapes.names());
    assertThat(list).contains("q4_k_m").contains("29.94 G").contains("47");
  }

  @Test
  void anAddedShapeCompilesLikeItsModel() {
    good("shapes", "add", MODEL.toString(), "--name", "mine", "--out", at("mine.shape"));
    good("compile", at("mine.shape"), "--out", at("shape.plan"), "-q");
    good("compile", MODEL.toString(), "--out", at("model.plan"), "-q");
    var ofShape = PlanFiles.read(dir.resolve("shape.plan"));
    var ofModel = PlanFiles.read(dir.resolve("model.plan"));
    assertThat(ofShape.model().name()).isEqualTo("mine");
    assertThat(ofShape.kernels()).isEqualTo(ofModel.kernels());
    assertThat(ofShape.programs().stream().map(Program::arenaValues))
        .containsExactlyElementsOf(ofModel.programs().stream().map(Program::arenaValues).toList());
    assertThat(good("inspect", at("mine.shape"))).contains("mine").contains("attn_kv_a_mqa");
  }

  @Test
  void addingTwiceGivesTheSameBytes() {
    good("shapes", "add", MODEL.toString(), "--name", "mine", "--out", at("a"));
    good("shapes", "add", MODEL.toString(), "--name", "mine", "--out", at("b"));
    assertThat(dir.resolve("a")).hasSameBinaryContentAs(dir.resolve("b"));
  }

  @Test
  void aSpoiledShapeIsOneLocatedError() throws IOException {
    Files.writeString(dir.resolve("bad.shape"), "diecast-shape 1\ntensor t q4_0 33\n");
    Cli run = Cli.run("compile", at("bad.shape"), "--out", at("p"));
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("bad.shape, line 2: a row of 33").hasLineCount(1);
  }

  @Test
  void namesThatAreTakenOrOddAreRefused() {
    for (String name : new String[] {"glm-4.7-flash", "../up", "a.shape", ""}) {
      Cli run = Cli.run("shapes", "add", MODEL.toString(), "--name", name, "--out", at("x"));
      assertThat(run.code()).as(name).isEqualTo(3);
      assertThat(run.err()).hasLineCount(1);
    }
    assertThat(dir.resolve("x")).doesNotExist();
  }

  @Test
  void aModelIsNeverReplaced() throws IOException {
    Path copy = Files.copy(MODEL, dir.resolve("copy.gguf"));
    Cli run = Cli.run("shapes", "add", MODEL.toString(), "--name", "m", "--out", copy.toString());
    assertThat(run.code()).isEqualTo(3);
    assertThat(copy).hasSameBinaryContentAs(MODEL);
  }

  @Test
  void repeatedCompilesAreTimed() {
    assertThat(good("compile", MODEL.toString(), "--out", at("p"), "--repeat", "3"))
        .contains("compiled 3 times")
        .contains("the same each time");
  }
}

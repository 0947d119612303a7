package dev.diecast.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.diecast.plans.PlanFiles;
import dev.diecast.tests.OracleModel;
import dev.diecast.tests.OracleModels;
import dev.diecast.tools.Diecast;
import dev.diecast.tools.console.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The commands do what they say, on small models. */
final class CommandsTest {
  private static final OracleModel DENSE = OracleModels.named("llama.q4_0");
  private static final OracleModel EXPERTS = OracleModels.named("glmflash.q4_0");

  @TempDir Path dir;

  private static String good(Cli run) {
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    return run.text();
  }

  private String at(String name) {
    return dir.resolve(name).toString();
  }

  @Test
  void aCompiledPlanHoldsAndGeneratesWhatTheModelDoes() {
    String model = EXPERTS.gguf().toString();
    assertThat(good(Cli.run("compile", model, "--out", at("p"))))
        .contains("dispatches")
        .contains("barriers")
        .contains("arena");
    assertThat(good(Cli.run("verify-plan", at("p"), "--model", model))).contains("holds");
    String text = good(Cli.run("generate", model, "-p", "Hello", "-n", "12"));
    assertThat(text).isNotBlank().endsWith("\n");
    assertThat(good(Cli.run("generate", at("p"), "--model", model, "-p", "Hello", "-n", "12")))
        .isEqualTo(text);
    assertThat(good(Cli.run("generate", model, "--plan", at("p"), "-p", "Hello", "-n", "12")))
        .isEqualTo(text);
  }

  @Test
  void tuningFindsAChoiceThatPlansTakeAndRecord() throws IOException {
    String model = DENSE.gguf().toString();
    String line =
        good(Cli.run("tune", model, "--seconds", "1", "--depth", "40", "--out", at("t")))
            .lines()
            .filter(text -> text.startsWith("cpu attention "))
            .findFirst()
            .orElseThrow();
    assertThat(Files.readString(dir.resolve("t"))).isEqualTo(line + "\n");
    good(Cli.run("compile", model, "--tuning", at("t"), "--out", at("p")));
    assertThat(line)
        .containsPattern("splits=\\d+  # .+, \\d+ threads, depth 40, 2\\d{3}-\\d\\d-\\d\\d$");
    String splits = line.replaceFirst(".* splits=(\\d+) .*", "$1");
    assertThat(PlanFiles.read(dir.resolve("p")).tuning())
        .singleElement()
        .satisfies(choice -> {
          assertThat(line).startsWith(choice.key());
          assertThat(choice.value()).isEqualTo(splits);
        });
  }

  @Test
  void drawsPlansOfModelsAndShapes() throws IOException {
    String model = EXPERTS.gguf().toString();
    assertThat(good(Cli.run("inspect", model, "--dot", "--layer", "0"))).startsWith("digraph ");
    assertThat(good(Cli.run("inspect", model, "--html", "--out", at("page.html")))).isEmpty();
    assertThat(Files.readString(dir.resolve("page.html"))).startsWith("<!DOCTYPE html>");
    String trace =
        good(Cli.run("inspect", "qwen2.5-0.5b:q4_0", "--timeline", "--profile", "m4-max"));
    JsonNode metadata = new ObjectMapper().readTree(trace).get("otherData");
    assertThat(metadata.get("times").asString()).isEqualTo("predicted");
    assertThat(metadata.get("device").asString()).isEqualTo("m4-max");
    assertThat(Cli.run("inspect", model, "--out", at("x")).code()).isEqualTo(2);
    assertThat(Cli.run("inspect", model, "--dot", "--layer", "x").err()).contains("'x'");
  }

  @Test
  void compilingTwiceGivesTheSameBytes() throws IOException {
    good(Cli.run("compile", "qwen3-0.6b:q8_0", "--out", at("a"), "-q"));
    good(Cli.run("compile", "qwen3-0.6b:q8_0", "--out", at("b"), "-q"));
    assertThat(dir.resolve("a")).hasSameBinaryContentAs(dir.resolve("b"));
  }

  @Test
  void quietMeansSilence() {
    assertThat(good(Cli.run("compile", DENSE.gguf().toString(), "--out", at("p"), "-q"))).isEmpty();
  }

  @Test
  void plansCompileForEveryTarget() {
    for (String target : new String[] {"cpu", "metal", "cuda"}) {
      good(Cli.run("compile", DENSE.gguf().toString(), "--target", target, "--out", at(target)));
      assertThat(good(Cli.run("verify-plan", at(target)))).contains("holds");
    }
  }

  @Test
  void promptsComeFromAnOptionAFileOrStandardInput() throws IOException {
    String model = DENSE.gguf().toString();
    Files.writeString(dir.resolve("prompt"), "Hello");
    String expected = good(Cli.run("generate", model, "-p", "Hello", "-n", "8"));
    assertThat(good(Cli.run("generate", model, "-f", at("prompt"), "-n", "8"))).isEqualTo(expected);
    assertThat(good(Cli.runWithInput("Hello", "generate", model, "-n", "8"))).isEqualTo(expected);
  }

  @Test
  void theSeedDecidesWhatIsDrawn() {
    String model = DENSE.gguf().toString();
    String[] base = {"generate", model, "-p", "Hello", "-n", "16", "-t", "1.5", "--seed"};
    String first = good(Cli.run(with(base, "1")));
    assertThat(good(Cli.run(with(base, "1")))).isEqualTo(first);
    assertThat(good(Cli.run(with(base, "2")))).isNotEqualTo(first);
  }

  private static String[] with(String[] base, String last) {
    String[] all = Arrays.copyOf(base, base.length + 1);
    all[base.length] = last;
    return all;
  }

  @Test
  void statisticsGoToStandardError() {
    Cli run = Cli.run("generate", DENSE.gguf().toString(), "-p", "Hello", "-n", "4", "--stats");
    assertThat(run.code()).isZero();
    assertThat(run.err()).contains("tok/s").contains("ended by").contains("peak");
    assertThat(run.text()).doesNotContain("tok/s");
  }

  @Test
  void logitsAreRowsOfFloats() throws IOException {
    int[] tokens = Arrays.copyOf(DENSE.prompt(), 3);
    for (String device : new String[] {"cpu", "interpreter"}) {
      good(
          Cli.run(
              "logits",
              DENSE.gguf().toString(),
              "--tokens",
              Arrays.stream(tokens).mapToObj(Integer::toString).collect(Collectors.joining(",")),
              "--device",
              device,
              "--out",
              at(device)));
      var floats =
          ByteBuffer.wrap(Files.readAllBytes(dir.resolve(device)))
              .order(ByteOrder.LITTLE_ENDIAN)
              .asFloatBuffer();
      assertThat(floats.remaining()).isEqualTo(tokens.length * DENSE.vocab());
      float[][] reference = DENSE.reference();
      // Int8 activations are this far off at most; the wrong row or order is off by 1 and more.
      double tolerance = device.equals("cpu") ? 6e-2 : 1e-5;
      for (int row = 0; row < tokens.length; row++) {
        float[] got = new float[DENSE.vocab()];
        floats.get(got);
        assertThat(distance(got, reference[row]))
            .as("%s row %d", device, row)
            .isLessThan(tolerance);
      }
    }
  }

  private static double distance(float[] got, float[] wanted) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < got.length; i++) {
      difference += Math.pow((double) got[i] - wanted[i], 2);
      size += Math.pow(wanted[i], 2);
    }
    return Math.sqrt(difference / size);
  }

  @Test
  void tokenizingAndDecodingAreInverse() throws IOException {
    String model = DENSE.gguf().toString();
    String text = "Hello, world!\n  caf\u00e9 \u4f60\u597d 1234";
    Files.writeString(dir.resolve("text"), text);
    String ids = good(Cli.run("tokenize", model, "--file", at("text"), "--no-bos"));
    assertThat(ids).matches("\\d+( \\d+)*\n");
    assertThat(good(Cli.runWithInput(text, "tokenize", model, "--no-bos"))).isEqualTo(ids);
    assertThat(good(Cli.runWithInput(ids, "tokenize", model, "--decode"))).isEqualTo(text);
  }

  @Test
  void benchReportsTheDocumentedKeys() {
    String json =
        good(
            Cli.run(
                "bench",
                DENSE.gguf().toString(),
                "--json",
                "--threads",
                "2",
                "--prompt",
                "8",
                "--tokens",
                "8",
                "--depth",
                "16",
                "--repeat",
                "2"));
    JsonNode report = new ObjectMapper().readTree(json);
    for (String phase : new String[] {"decode", "prefill"}) {
      JsonNode speed = report.get(phase).get("tok_per_s");
      assertThat(speed.get("min").asDouble()).isPositive();
      assertThat(speed.get("median").asDouble())
          .isBetween(speed.get("min").asDouble(), speed.get("max").asDouble());
    }
    for (String key :
        new String[] {
          "host_us_per_token",
          "load_ms",
          "first_token_ms",
          "peak_rss_bytes",
          "weights_bytes_per_token"
        }) {
      assertThat(report.get(key).asDouble()).as(key).isPositive();
    }
    assertThat(report.get("alloc_bytes_per_token").asDouble()).isNotNegative();
    assertThat(report.get("depth").asInt()).isEqualTo(16);
  }

  @Test
  void benchTimesKernelsWithoutAModel() {
    String[] command = {"bench", "kernels", "--filter", "^sample .*3001", "--seconds", "0.05"};
    JsonNode report = new ObjectMapper().readTree(good(Cli.run(with(command, "--json"))));
    assertThat(report.get("kernels")).hasSize(1);
    JsonNode kernel = report.get("kernels").get(0);
    assertThat(kernel.get("us").get("median").asDouble()).isPositive();
    assertThat(kernel.get("gb_per_s").asDouble() / kernel.get("stream_gb_per_s").asDouble())
        .isCloseTo(kernel.get("share_of_stream").asDouble(), within(1e-9));
    assertThat(good(Cli.run(command))).contains("sample [top k").contains("memory alone");
  }

  @Test
  void replayShowsWhatFollowsEachToken() throws IOException {
    String ids = String.join(",", Arrays.stream(DENSE.prompt()).mapToObj(String::valueOf).toList());
    String json = good(Cli.run("replay", DENSE.gguf().toString(), "--tokens", ids, "--json"));
    JsonNode steps = new ObjectMapper().readTree(json).get("steps");
    assertThat(steps.size()).isEqualTo(DENSE.prompt().length);
    assertThat(steps.get(steps.size() - 1).get("next").asInt()).isEqualTo(DENSE.greedy()[0]);
    good(Cli.run("compile", DENSE.gguf().toString(), "--out", at("p"), "-q"));
    assertThat(good(Cli.run("replay", DENSE.gguf().toString(), "--plan", at("p"), "--tokens", ids)))
        .contains("likeliest");
  }

  @Test
  void replayChecksEveryDispatch() {
    String model = EXPERTS.gguf().toString();
    JsonNode report =
        new ObjectMapper()
            .readTree(good(Cli.run("replay", model, "-p", "Hello", "--check", "--json")));
    assertThat(report.get("holds").asBoolean()).isTrue();
    assertThat(report.get("plans").size()).isEqualTo(2);
    for (JsonNode plan : report.get("plans")) {
      assertThat(plan.get("logits").get("relative_l2").asDouble()).isBetween(1e-9, 1.5e-2);
      assertThat(plan.get("dispatches").size()).isGreaterThan(20);
    }
    good(Cli.run("compile", model, "--out", at("p"), "-q", "--passes=-fuse"));
    assertThat(good(Cli.run("replay", model, "--plan", at("p"), "-p", "Hello", "--check")))
        .endsWith("holds\n");
    Cli strict = Cli.run("replay", model, "-p", "Hello", "--check", "--tolerance", "1e-7");
    assertThat(strict.code()).isEqualTo(1);
    assertThat(strict.text()).contains("beyond").endsWith("does not hold\n");
  }

  @Test
  void synthReplacesAModelOnlyWhenForced() throws IOException {
    Files.writeString(dir.resolve("model"), "GGUF of great value");
    Cli refused = Cli.run("synth", "qwen3-0.6b:q4_0", "--out", at("model"));
    assertThat(refused.code()).isEqualTo(3);
    assertThat(dir.resolve("model")).hasContent("GGUF of great value");
  }

  @Test
  void aReaderThatLeavesIsNoError() {
    assertThat(writingTo("Broken pipe").code()).isZero();
    assertThat(writingTo("Broken pipe").err()).isEmpty();
  }

  @Test
  void aFullDiskIsAnError() {
    Cli run = writingTo("No space left on device");
    assertThat(run.code()).isEqualTo(5);
    assertThat(run.err()).isEqualTo("diecast: error: standard output: No space left on device\n");
  }

  private static Cli writingTo(String failure) {
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(failure);
          }
        };
    var err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false);
    int code = Diecast.run(console, "generate", DENSE.gguf().toString(), "-p", "Hello", "-n", "4");
    return new Cli(code, new byte[0], err.toString(StandardCharsets.UTF_8));
  }
}

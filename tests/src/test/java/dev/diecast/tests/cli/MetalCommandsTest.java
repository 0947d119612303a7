package dev.diecast.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.diecast.plans.PlanFiles;
import dev.diecast.tests.OracleModel;
import dev.diecast.tests.OracleModels;
import dev.diecast.tests.softmetal.Fault;
import dev.diecast.tests.softmetal.NeedsSoftMetal;
import dev.diecast.tests.softmetal.Setting;
import dev.diecast.tests.softmetal.SoftMetal;
import dev.diecast.tests.softmetal.SoundSoftMetal;
import dev.diecast.tools.model.RunnableDevices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Commands on the metal device, which is the software Metal here. */
@ExtendWith({NeedsSoftMetal.class, SoundSoftMetal.class})
final class MetalCommandsTest {
  private static final String CACHE = "diecast.metal.cache";
  private static final OracleModel MODEL = OracleModels.named("llama.q4_0");

  @TempDir Path dir;
  private SoftMetal metal;

  @BeforeEach
  void load() {
    metal = SoftMetal.load();
    System.setProperty(CACHE, at("cache"));
  }

  @AfterEach
  void forgetTheFolder() {
    System.clearProperty(CACHE);
  }

  private static String good(Cli run) {
    assertThat(run.err()).as(run.text()).isEmpty();
    assertThat(run.code()).as(run.text()).isZero();
    return run.text();
  }

  private static JsonNode json(Cli run) {
    return new ObjectMapper().readTree(good(run));
  }

  private String at(String name) {
    return dir.resolve(name).toString();
  }

  private static String model() {
    return MODEL.gguf().toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"direct", "icb", "mtl4"})
  void generatesWithEveryEncoder(String encoder) {
    String plain = good(Cli.run("generate", model(), "-p", "Hello", "-n", "6"));
    Cli run =
        Cli.run(
            "generate",
            model(),
            "-p",
            "Hello",
            "-n",
            "6",
            "--stats",
            "--context",
            "32",
            "--device",
            "metal",
            "--encoder",
            encoder,
            "--in-flight",
            "2");
    assertThat(run.code()).isZero();
    assertThat(run.text()).isEqualTo(plain);
    assertThat(run.err())
        .contains("encoder " + encoder + ": as asked for")
        .containsPattern("warm-up +\\d+ steps, [\\d.]+ ms the first, [\\d.]+ ms the fastest")
        .containsPattern("pipelines: \\d+ of \\d+ from archives");
  }

  @Test
  void aPlanHasItsDevice() {
    good(Cli.run("compile", model(), "--target", "metal", "--context", "32", "--out", at("p")));
    Cli run = Cli.run("generate", at("p"), "--model", model(), "-p", "Hello", "-n", "3", "--stats");
    assertThat(run.code()).isZero();
    assertThat(run.err()).contains("metal, Software Metal");
    Cli other = Cli.run("generate", at("p"), "--model", model(), "-p", "Hello", "--device", "cpu");
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("was compiled for metal, which --device cannot change");
    Cli replayed =
        Cli.run("replay", model(), "--plan", at("p"), "--tokens", "1", "--device", "cpu");
    assertThat(replayed.code()).isEqualTo(2);
  }

  @Test
  void benchSaysDeviceAndColdAndWarmTimes() {
    JsonNode report =
        json(
            Cli.run(
                "bench",
                model(),
                "--device",
                "metal",
                "--encoder",
                "icb",
                "--prompt",
                "4",
                "--tokens",
                "4",
                "--repeat",
                "1",
                "--json"));
    assertThat(report.required("device").stringValue()).isEqualTo("metal");
    assertThat(report.required("first_token_ms").doubleValue()).isPositive();
    assertThat(report.required("warm_first_token_ms").doubleValue()).isPositive();
    JsonNode start = report.required("start_up");
    assertThat(start.required("cold_step_ms").doubleValue())
        .isGreaterThanOrEqualTo(start.required("warm_step_ms").doubleValue());
    assertThat(start.required("notes").toString()).contains("encoder icb");
  }

  @Test
  void logitsAndReplayCheckRunThere() throws IOException {
    good(
        Cli.run(
            "logits",
            model(),
            "--tokens",
            "1,2,3",
            "--device",
            "metal",
            "--encoder",
            "direct",
            "--out",
            at("rows")));
    assertThat(Files.size(dir.resolve("rows"))).isPositive().isEqualTo(logitsOf("interpreter"));
    String checked =
        good(
            Cli.run(
                "replay",
                model(),
                "--tokens",
                "1,2,3",
                "--device",
                "metal",
                "--encoder",
                "direct",
                "--check"));
    assertThat(checked).contains("fused");
  }

  private long logitsOf(String device) throws IOException {
    good(Cli.run("logits", model(), "--tokens", "1,2,3", "--device", device, "--out", at(device)));
    return Files.size(dir.resolve(device));
  }

  @Test
  void tuningFindsAnEncoderThatPlansRecord() {
    String lines =
        good(
            Cli.run(
                "tune",
                model(),
                "--device",
                "metal",
                "--depth",
                "8",
                "--seconds",
                "0.5",
                "--out",
                at("t")));
    String line =
        lines.lines().filter(text -> text.startsWith("metal encoder ")).findFirst().orElseThrow();
    assertThat(line).containsPattern("dispatches=\\d+: encoder=[123]  # Software Metal, ");
    good(
        Cli.run(
            "compile",
            model(),
            "--target",
            "metal",
            "--tuning",
            at("t"),
            "--context",
            "32",
            "--out",
            at("p")));
    assertThat(PlanFiles.read(dir.resolve("p")).tuning())
        .anySatisfy(choice -> assertThat(choice.key()).startsWith("metal encoder "));
    Cli run = Cli.run("generate", at("p"), "--model", model(), "-p", "a", "-n", "2", "--stats");
    assertThat(run.err()).contains("as the plan's tuning says");
  }

  @Test
  void whatTheGpuLacksIsOneClearError() {
    metal.set(Setting.OS_MAJOR, 14).set(Setting.METAL4, 0);
    Cli run =
        Cli.run(
            "generate", model(), "-p", "a", "-n", "2", "--device", "metal", "--encoder", "mtl4");
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains("the encoder mtl4 cannot be used: Metal 4 needs macOS 26");
  }

  @Test
  void aSystemWithoutAGpuIsOneClearError() {
    metal.inject("MTLCreateSystemDefaultDevice", 0, new Fault.Call());
    Cli run = Cli.run("selftest", "--device", "metal");
    assertThat(run.code()).isEqualTo(4);
    assertThat(run.err()).contains("'metal' is not available: ").hasLineCount(1);
    assertThat(good(Cli.run("doctor", "--folder", at("none")))).contains("metal: cannot be used");
  }

  @Test
  void doctorSaysWhatIsThereAndWhatFollows() {
    JsonNode report = json(Cli.run("doctor", "--json", "--folder", at("none")));
    assertThat(report.required("kind").stringValue()).isEqualTo("doctor");
    assertThat(report.required("sections").toString())
        .contains("Software Metal", "Apple9", "working_set_bytes", "\"metal_4\":true");
    assertThat(report.required("uses").toString())
        .contains("the fastest of direct, icb, mtl4", "one set on the queue");
    metal.set(Setting.OS_MAJOR, 14).set(Setting.METAL4, 0);
    assertThat(good(Cli.run("doctor", "--folder", at("none"))))
        .contains("not mtl4: Metal 4 needs macOS 26", "residency sets need macOS 15");
  }

  @ParameterizedTest
  @ValueSource(strings = {"metal", "cpu"})
  void profileMeasuresEveryDispatch(String device) throws IOException {
    JsonNode report =
        json(
            Cli.run(
                "profile",
                model(),
                "--device",
                device,
                "--depth",
                "5",
                "--rounds",
                "2",
                "--json",
                "--trace",
                at("trace.json")));
    assertThat(report.required("device").stringValue()).isEqualTo(device);
    assertThat(report.required("clock").stringValue())
        .isEqualTo(device.equals("metal") ? "GPU counters" : "host");
    double sum = 0;
    for (JsonNode dispatch : report.required("dispatches")) {
      assertThat(dispatch.required("us").doubleValue()).isPositive();
      assertThat(dispatch.required("predicted_us").doubleValue()).isPositive();
      sum += dispatch.required("us").doubleValue();
    }
    double byKernel = 0;
    for (JsonNode kernel : report.required("kernels")) {
      byKernel += kernel.required("us_per_run").doubleValue();
    }
    assertThat(byKernel).isCloseTo(sum, withPercentage(1e-6));
    assertThat(report.required("whole_us").doubleValue()).isPositive();
    JsonNode trace = new ObjectMapper().readTree(Files.readString(dir.resolve("trace.json")));
    assertThat(trace.required("otherData").required("times").stringValue()).isEqualTo("measured");
    assertThat(trace.required("traceEvents").size())
        .isGreaterThan(report.required("dispatches").size());
  }

  @Test
  void profileCapturesARun() {
    metal.set(Setting.CAPTURE, 1);
    Path file = dir.resolve("run.gputrace");
    String table =
        good(
            Cli.run(
                "profile",
                model(),
                "--device",
                "metal",
                "--program",
                "prefill-32",
                "--depth",
                "0",
                "--rounds",
                "1",
                "--gputrace",
                file.toString()));
    assertThat(file).exists();
    assertThat(table).contains("prefill-32 at position 0").contains("a whole run takes");
    Cli onCpu = Cli.run("profile", model(), "--gputrace", at("x.gputrace"));
    assertThat(onCpu.code()).isEqualTo(2);
  }

  @Test
  void pipelinesAreBuiltOnceAndListed() throws IOException {
    String first = good(Cli.run("pipelines", "build", model(), "--folder", at("f")));
    assertThat(first).contains("no .metallib files: Apple's Metal compiler runs on macOS only");
    assertThat(first).containsPattern("pipelines: 0 of \\d+ from archives; compiled: ");
    String second = good(Cli.run("pipelines", "build", model(), "--folder", at("f")));
    assertThat(second)
        .containsPattern("auto, icb: pipelines: (\\d+) of \\1 from archives\n")
        .containsPattern("direct, mtl4: pipelines: (\\d+) of \\1 from archives\n");
    JsonNode list = json(Cli.run("pipelines", "list", "--folder", at("f"), "--json"));
    assertThat(list.required("files").size()).isPositive();
    list.required("files")
        .forEach(file -> {
          assertThat(file.required("current").booleanValue()).isTrue();
          assertThat(file.required("kind").stringValue()).isEqualTo("archive");
        });
    String again = good(Cli.run("pipelines", "build", model(), "--folder", at("f"), "--refresh"));
    assertThat(again).containsPattern("pipelines: 0 of \\d+ from archives; compiled: ");
  }

  /** A program in the place of xcrun that makes libraries in the software Metal's own form. */
  @Test
  void librariesOfApplesCompilerAreTaken() throws IOException {
    Path xcrun = fakeXcrun();
    System.setProperty("diecast.xcrun", xcrun.toString());
    try {
      String said = good(Cli.run("pipelines", "build", model(), "--folder", at("f")));
      assertThat(said)
          .containsPattern(".metallib files: \\d+ compiled by fake metal 1, 0 were there")
          .containsPattern("kernel files: \\d+ from .metallib files, 0 compiled from source");
      assertThat(good(Cli.run("pipelines", "build", "--folder", at("f"))))
          .contains(": 0 compiled by fake metal 1");
      assertThat(good(Cli.run("pipelines", "list", "--folder", at("f")))).contains("any GPU");
      Files.writeString(xcrun, "#!/bin/sh\n[ \"$2\" = --version ] && exit 0\necho wrong; exit 1\n");
      Cli failed = Cli.run("pipelines", "build", "--folder", at("g"));
      assertThat(failed.code()).isEqualTo(3);
      assertThat(failed.err()).contains("does not compile: wrong");
    } finally {
      System.clearProperty("diecast.xcrun");
    }
  }

  private Path fakeXcrun() throws IOException {
    Path file =
        Files.writeString(
            dir.resolve("xcrun"),
            """
            #!/bin/sh
            if [ "$2" = --version ]; then echo fake metal 1; exit 0; fi
            while [ $# -gt 1 ]; do [ "$1" = -o ] && out=$2; shift; done
            { echo SOFTMETALLIB; cat "$1"; } > "$out"
            """);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  @Test
  void selftestPassesAndFailsPerCheck() {
    String passed =
        good(
            Cli.run(
                "selftest",
                "--device",
                "metal",
                "--seconds",
                "600",
                "--filter",
                "demo q4_0, (dispatches|icb)|kernel (rms_norm|gemv_f16)$"));
    assertThat(passed)
        .contains("PASS  model demo q4_0, dispatches", "PASS  model demo q4_0, icb")
        .contains("tokens, right answer")
        .contains("PASS  kernel rms_norm")
        .containsPattern("\\d+ passed, 0 failed, 0 not run");
    metal.inject(
        "newComputePipelineStateWithDescriptor:options:reflection:error:", 0, new Fault.Call());
    Cli failed = Cli.run("selftest", "--device", "metal", "--filter", "kernel rms_norm$");
    metal.injectNothing();
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.text()).contains("FAIL  kernel rms_norm").contains("0 passed, 1 failed");
  }

  @Test
  void demoShowsTheGpuOfAMacOnly() {
    assertThat(RunnableDevices.showcase("Mac OS X")).isEqualTo("metal");
    assertThat(RunnableDevices.showcase("Linux")).isEqualTo("cpu");
  }

  @Test
  void selftestStopsBeginningChecksInTime() {
    String said = good(Cli.run("selftest", "--seconds", "0.000001"));
    assertThat(said).contains("SKIP  model demo q8_0, cpu").contains("0 passed, 0 failed");
  }

  @Test
  void selftestOfTheCpu() {
    JsonNode report =
        json(Cli.run("selftest", "--filter", "demo q8_0|kernel (route|gemv)", "--json"));
    assertThat(report.required("failed").intValue()).isZero();
    assertThat(report.required("passed").intValue()).isGreaterThan(10);
    assertThat(Cli.run("selftest", "--filter", "nothing").code()).isEqualTo(2);
  }
}

package dev.diecast.tests.softmetal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.diecast.capture.CompileOptions;
import dev.diecast.capture.PlanCompiler;
import dev.diecast.plans.Plan;
import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.GgufFile;
import dev.diecast.plans.gguf.TensorType;
import dev.diecast.replay.GenerateOptions;
import dev.diecast.replay.MetalOptions;
import dev.diecast.replay.MetalOptions.Encoder;
import dev.diecast.replay.ReplayException;
import dev.diecast.replay.Session;
import dev.diecast.replay.SessionOptions;
import dev.diecast.tests.RandomModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every message that opening a session and generating send, and that can fail, fails once: each in
 * a run of its own. It ends in one error that names it, or is made up for; nothing is left and no
 * rule broken; and the session goes on after a reset.
 */
@ExtendWith(NeedsSoftMetal.class)
class EveryFailureTest {
  /** One layer, so that the call sites are few enough to take them all. */
  private static final RandomModels.Family FAMILY = RandomModels.Family.QWEN3;

  private static final long MODEL_SEED = 2;
  private static final int[] PROMPT = {3, 1, 4};
  private static final int TOKENS = 3;

  /**
   * What may fail unnoticed: a family that a GPU is said to lack, an event whose wait is repeated,
   * and the commit of a residency set, which is not that of commands.
   */
  private static final Set<String> DISPENSABLE =
      Set.of("supportsFamily:", "waitUntilSignaledValue:timeoutMS:", "commit");

  /** Archives only save time: what makes and fills them may fail too. */
  private static final Set<String> OF_ARCHIVES =
      Set.of(
          "addComputePipelineFunctionsWithDescriptor:error:",
          "arrayWithObjects:count:",
          "fileURLWithPath:",
          "new",
          "newBinaryArchiveWithDescriptor:error:",
          "newComputePipelineStateWithDescriptor:options:reflection:error:",
          "serializeToURL:error:",
          "stringWithUTF8String:");

  /** Failures that have better words than the name of the message. */
  private static final Map<String, String> OWN_WORDS =
      Map.of(
          "MTLCreateSystemDefaultDevice", "Metal is here, but it finds no GPU",
          "newFunctionWithName:", "this library has no function",
          "supportsFamily:", "the encoder mtl4 cannot be used");

  @TempDir Path folder;
  private SoftMetal metal;
  private GgufFile model;
  private Plan plan;
  private Path archives;

  @BeforeEach
  void load() {
    metal = SoftMetal.load();
    archives = folder.resolve("archives");
    model = GgufFile.open(RandomModels.write(FAMILY, MODEL_SEED, List.of(TensorType.F16), folder));
    plan = PlanCompiler.compile(model, CompileOptions.DEFAULTS.withDevice("metal").withContext(16));
  }

  @AfterEach
  void close() {
    model.close();
    metal.reset();
  }

  private Session open(MetalOptions options) {
    return Session.open(plan, model, SessionOptions.defaults().withMetal(options));
  }

  private static List<Integer> generate(Session session) {
    return session
        .generate(PROMPT, GenerateOptions.defaults().withMaxTokens(TOKENS), piece -> {})
        .tokens();
  }

  /** Archives with one encoder only: they are filled before an encoder exists. */
  @ParameterizedTest
  @CsvSource({"DIRECT, true", "ICB, false", "MTL4, false"})
  void everyMessageFailsInTurn(Encoder encoder, boolean archived) throws IOException {
    MetalOptions plain = MetalRun.options(encoder).withTokensInFlight(2);
    MetalOptions options = archived ? plain.withArchives(archives) : plain;
    metal.mark();
    List<Integer> expected = fresh(options);
    List<CallSite> sites = metal.callSites();
    assertThat(expected).hasSize(TOKENS);
    assertThat(sites).hasSizeGreaterThan(250);
    List<String> unnoticed = new ArrayList<>();
    for (CallSite site : sites) {
      deleteArchives();
      if (!failed(options, site, expected)) {
        unnoticed.add(site.selector());
      }
      clean(site);
    }
    unnoticed.removeAll(DISPENSABLE);
    if (archived) {
      unnoticed.removeAll(OF_ARCHIVES);
    }
    assertThat(unnoticed).as("of %d call sites", sites.size()).isEmpty();
    assertThat(fresh(options)).isEqualTo(expected);
  }

  private List<Integer> fresh(MetalOptions options) throws IOException {
    deleteArchives();
    try (Session session = open(options)) {
      return generate(session);
    }
  }

  /** Whether the failure was an error; else everything went as if nothing had been. */
  private boolean failed(MetalOptions options, CallSite site, List<Integer> expected) {
    long before = metal.counter("faults");
    metal.mark();
    metal.inject(site);
    try (Session session = open(options)) {
      return failedInSession(session, site, expected);
    } catch (PlanException e) {
      assertNames(site, e);
      return true;
    } finally {
      metal.injectNothing();
      assertThat(metal.counter("faults")).as("%s was sent", site).isGreaterThan(before);
    }
  }

  private boolean failedInSession(Session session, CallSite site, List<Integer> expected) {
    try {
      assertThat(generate(session)).as("%s", site).isEqualTo(expected);
      return false;
    } catch (ReplayException e) {
      assertNames(site, e);
      metal.injectNothing();
      session.reset();
      assertThat(generate(session)).as("after %s and a reset", site).isEqualTo(expected);
      return true;
    }
  }

  private static void assertNames(CallSite site, RuntimeException e) {
    String words =
        site.way().equals("gpu")
            ? "injected failure on the GPU"
            : OWN_WORDS.getOrDefault(site.selector(), site.selector());
    assertThat(e.getMessage()).as("%s", site).contains(words).hasSizeLessThan(600);
  }

  private void clean(CallSite site) {
    metal.settle();
    assertThat(metal.findings()).as("%s", site).isEmpty();
    assertThat(metal.liveObjects()).as("%s", site).isEmpty();
  }

  private void deleteArchives() throws IOException {
    if (Files.isDirectory(archives)) {
      try (Stream<Path> files = Files.list(archives)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
    }
  }
}

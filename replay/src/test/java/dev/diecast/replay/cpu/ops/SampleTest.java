package dev.diecast.replay.cpu.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.diecast.plans.StepState;
import dev.diecast.replay.cpu.BoundKernel;
import dev.diecast.replay.cpu.Memory;
import dev.diecast.replay.cpu.Worker;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("vectors")
class SampleTest {
  private static final float NAN = Float.NaN;

  private final Arena arena = Arena.ofConfined();
  private final Native data = new Native(arena);
  private final Random random = new Random(3);

  @AfterEach
  void free() {
    arena.close();
  }

  @Test
  void greedyTakesTheFirstOfTheLargest() {
    assertThat(greedy(1, 5, 5, 2)).isEqualTo(1);
    assertThat(greedy(-3, -1, -2)).isEqualTo(1);
    assertThat(greedy(7)).isZero();
    float[] many = new float[5000];
    many[4999] = 1;
    assertThat(greedy(many)).isEqualTo(4999);
    many[2047] = 1;
    assertThat(greedy(many)).isEqualTo(2047);
  }

  @Test
  void nanCountsAsMinusInfinity() {
    assertThat(greedy(NAN, -5, NAN, -4)).isEqualTo(3);
    assertThat(greedy(NAN, NAN)).isZero();
    assertThat(greedy(Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY)).isZero();
    float[] logits = new float[100];
    Arrays.fill(logits, NAN);
    for (int form = 0; form < 4; form++) {
      assertThat(sampler(logits, 1f, form, form % 2 == 0 ? 1 : 0.9f, 0).choose(0)).isZero();
    }
    logits[42] = -1000;
    for (int form = 0; form < 4; form++) {
      for (int position = 0; position < 20; position++) {
        Sampler one = sampler(logits, 1f, 2 * form, form % 2 == 0 ? 1 : 0.9f, 0);
        assertThat(one.choose(position)).isEqualTo(42);
      }
    }
    logits[17] = Float.POSITIVE_INFINITY;
    assertThat(sampler(logits, 1f, 5, 0.9f, 0.1f).choose(0)).isEqualTo(17);
  }

  @ParameterizedTest
  @CsvSource({
    // temperature, top-k, top-p, min-p
    "1.0, 0, 1.0, 0.0",
    "0.7, 0, 1.0, 0.0",
    "1.5, 8, 1.0, 0.0",
    "1.0, 0, 0.8, 0.0",
    "1.0, 0, 1.0, 0.1",
    "0.8, 12, 0.9, 0.02",
    "2.0, 30, 0.5, 0.0",
    "1.0, 1, 1.0, 0.0",
    "1.0, 5, 0.0, 0.0",
  })
  void drawsFollowTheDistribution(float temperature, int topK, float topP, float minP) {
    int n = 50;
    float[] logits = new float[n];
    for (int i = 0; i < n; i++) {
      logits[i] = (float) random.nextGaussian() * 2;
    }
    double[] expected = distribution(logits, temperature, topK, topP, minP);
    Sampler sampler = sampler(logits, temperature, topK, topP, minP);
    int draws = 40_000;
    int[] counts = new int[n];
    for (int i = 0; i < draws; i++) {
      counts[sampler.choose(i)]++;
    }
    double chiSquare = 0;
    int bins = 0;
    for (int i = 0; i < n; i++) {
      if (expected[i] == 0) {
        assertThat(counts[i]).as("token %s was cut off", i).isZero();
      } else if (expected[i] * draws >= 5) {
        double difference = counts[i] - expected[i] * draws;
        chiSquare += difference * difference / (expected[i] * draws);
        bins++;
      }
    }
    // The 99.9th percentile, by the approximation of Wilson and Hilferty.
    double freedom = Math.max(1, bins - 1);
    double bound =
        freedom * Math.pow(1 - 2 / (9 * freedom) + 3.09 * Math.sqrt(2 / (9 * freedom)), 3);
    assertThat(chiSquare).isLessThan(Math.max(bound, 11));
  }

  @Test
  void selectionEqualsAFullSort() {
    for (int round = 0; round < 300; round++) {
      int n = 1 + random.nextInt(200);
      float[] logits = new float[n];
      for (int i = 0; i < n; i++) {
        logits[i] = random.nextInt(20) / 4f; // many ties
      }
      int topK = random.nextInt(n + 3);
      float topP = random.nextBoolean() ? 1 : random.nextFloat();
      float minP = random.nextBoolean() ? 0 : random.nextFloat();
      MemorySegment ids = data.bytes(4L * n);
      int best = Argmax.of(data.floats(logits).address(), n);
      int kept = topK > 0 ? Math.min(topK, n) : n;
      int count =
          Nucleus.select(
              data.floats(logits).address(), n, kept, topP, minP, logits[best], ids.address());
      List<Integer> got = IntStream.range(0, count).mapToObj(i -> Native.intAt(ids, i)).toList();
      assertThat(got).isEqualTo(kept(logits, topK, topP, minP));
    }
  }

  @Test
  void theDrawDependsOnSeedAndPositionOnly() {
    float[] logits = new float[1000];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) random.nextGaussian();
    }
    Sampler one = sampler(logits, 1, 0, 1, 0);
    Sampler two = sampler(logits, 1, 0, 1, 0);
    Set<Integer> chosen = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      int token = one.choose(i);
      chosen.add(token);
      assertThat(two.choose(i)).isEqualTo(token);
    }
    assertThat(chosen).hasSizeGreaterThan(100);
    int before = one.choose(5);
    one.seed(99);
    IntStream.range(0, 200).forEach(i -> chosen.remove(one.choose(i)));
    one.seed(0);
    assertThat(one.choose(5)).isEqualTo(before);
  }

  @Test
  void aPrefillDrawsWithThePositionOfItsLastToken() {
    float[] logits = new float[300];
    Sampler decode = sampler(logits, 1, 0, 1, 0);
    Launch prefill = launch(logits, 1, 0, 1, 0).slot("tokens", data.ints(1, 2, 3, 4));
    prefill.tokens(4).active(3).position(7).run();
    assertThat(sampled(prefill)).isEqualTo(decode.choose(9));
  }

  @Test
  void randomNumbersAreUniform() {
    int[] bins = new int[64];
    double sum = 0;
    for (int i = 0; i < 64_000; i++) {
      double u = Randomness.uniform(12345, i);
      assertThat(u).isBetween(0.0, Math.nextDown(1.0));
      assertThat((double) (float) u).isEqualTo(u);
      bins[(int) (u * 64)]++;
      sum += u;
    }
    assertThat(sum / 64_000).isCloseTo(0.5, within(0.005));
    double chiSquare = Arrays.stream(bins).mapToDouble(c -> (c - 1000.0) * (c - 1000) / 1000).sum();
    assertThat(chiSquare).isLessThan(104); // 99.9th percentile of 63 degrees of freedom
  }

  @Test
  void repetitionPenaltyCoversTheWindow() {
    Launch launch = launch(new float[] {2, 1.9f, -1, -1.2f}, 0, 0, 1, 0);
    long state = launch.state.address();
    Memory.f32(state + StepState.REPEAT_PENALTY, 2);
    Memory.i32(state + StepState.REPEAT_WINDOW, 2);
    int[] chosen = new int[4];
    int[] consumed = {0, 1, 2, 2};
    for (int i = 0; i < 4; i++) {
      launch.slot("tokens", data.ints(consumed[i])).position(i).run();
      chosen[i] = sampled(launch);
    }
    // {0}: 1, 1.9; {0, 1}: 1, .95; {1, 2}: 2; {2, 2}: 2
    assertThat(chosen).containsExactly(1, 0, 0, 0);
    Launch negative = launch(new float[] {-1, -1.5f}, 0, 0, 1, 0);
    Memory.f32(negative.state.address() + StepState.REPEAT_PENALTY, 2);
    Memory.i32(negative.state.address() + StepState.REPEAT_WINDOW, 256);
    negative.slot("tokens", data.ints(0)).run();
    assertThat(sampled(negative)).as("a negative logit is multiplied").isEqualTo(1);
  }

  @Test
  void historyIsARing() {
    Launch launch = launch(new float[] {0, 1}, 0, 0, 1, 0);
    Memory.i32(launch.state.address() + StepState.EMIT, 0);
    Memory.i32(launch.state.address() + StepState.SAMPLED, 77);
    for (int i = 0; i < 300; i++) {
      launch.slot("tokens", data.ints(i)).run();
    }
    long state = launch.state.address();
    assertThat(Memory.i32(state + StepState.HISTORY_COUNT)).isEqualTo(300);
    assertThat(History.recent(state, 0)).isEqualTo(299);
    assertThat(History.recent(state, 255)).isEqualTo(44);
    assertThat(sampled(launch)).as("nothing is sampled without emit").isEqualTo(77);
  }

  @Test
  void hostileStateStaysInBounds() {
    Launch launch = launch(new float[] {0, 1, 2}, 1, -7, Float.NaN, Float.NaN);
    long state = launch.state.address();
    Memory.i32(state + StepState.REPEAT_WINDOW, Integer.MAX_VALUE);
    Memory.i32(state + StepState.HISTORY_COUNT, Integer.MIN_VALUE);
    Memory.f32(state + StepState.REPEAT_PENALTY, Float.NaN);
    launch.slot("tokens", data.ints(Integer.MAX_VALUE)).run();
    assertThat(sampled(launch)).isBetween(0, 2);
    Memory.i32(state + StepState.HISTORY_COUNT, 1000);
    launch.slot("tokens", data.ints(-5)).run();
    assertThat(sampled(launch)).isBetween(0, 2);
  }

  @Test
  void advanceMovesThePositionAndFillsTheRing() {
    MemorySegment ring = data.bytes(16);
    Launch launch =
        new Launch("advance", arena).slot("ring", ring).tokens(8).active(3).arg("ring_size", 4);
    long state = launch.state.address();
    launch.position(10).run();
    assertThat(Memory.i32(state + StepState.POSITION)).isEqualTo(13);
    assertThat(Memory.i64(state + StepState.EMITTED)).isZero();
    Memory.i32(state + StepState.EMIT, 1);
    for (int i = 0; i < 6; i++) {
      Memory.i32(state + StepState.SAMPLED, 100 + i);
      launch.run();
      assertThat(Memory.i32(state + StepState.TOKEN)).isEqualTo(100 + i);
    }
    assertThat(Memory.i64(state + StepState.EMITTED)).isEqualTo(6);
    assertThat(Native.intAt(ring, 0)).isEqualTo(104);
    assertThat(Native.intAt(ring, 2)).isEqualTo(102);
  }

  /** A bound sample kernel that is asked again and again. */
  private static final class Sampler {
    private final Launch launch;
    private final BoundKernel kernel;
    private final Worker worker;

    Sampler(Launch launch) {
      this.launch = launch;
      this.kernel = launch.bind();
      this.worker = launch.worker(kernel);
    }

    int choose(int position) {
      launch.position(position);
      kernel.run(0, 1, worker);
      return sampled(launch);
    }

    void seed(long seed) {
      Memory.i64(launch.state.address() + StepState.SEED, seed);
    }
  }

  private int greedy(float... logits) {
    return new Sampler(launch(logits, 0, 0, 1, 0)).choose(0);
  }

  private Sampler sampler(float[] logits, float temperature, int topK, float topP, float minP) {
    return new Sampler(launch(logits, temperature, topK, topP, minP));
  }

  private Launch launch(float[] logits, float temperature, int topK, float topP, float minP) {
    Launch launch =
        new Launch("sample", arena)
            .slot("logits", data.floats(logits))
            .slot("tokens", data.ints(0))
            .slot("scratch", data.bytes(8L * logits.length))
            .arg("n_vocab", logits.length);
    long state = launch.state.address();
    Memory.i32(state + StepState.EMIT, 1);
    Memory.f32(state + StepState.TEMPERATURE, temperature);
    Memory.i32(state + StepState.TOP_K, topK);
    Memory.f32(state + StepState.TOP_P, topP);
    Memory.f32(state + StepState.MIN_P, minP);
    return launch;
  }

  private static int sampled(Launch launch) {
    return Memory.i32(launch.state.address() + StepState.SAMPLED);
  }

  /** The kept tokens in order, by sorting everything. */
  private static List<Integer> kept(float[] logits, int topK, float topP, float minP) {
    List<Integer> sorted =
        IntStream.range(0, logits.length)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingDouble(i -> -logits[i])
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
    if (topK > 0 && topK < sorted.size()) {
      sorted = sorted.subList(0, topK);
    }
    double max = logits[sorted.getFirst()];
    double total = sorted.stream().mapToDouble(i -> Math.exp(logits[i] - max)).sum();
    double sum = 0;
    int count = 0;
    for (int id : sorted) {
      boolean enough = topP < 1 && sum >= topP * total;
      if (count > 0 && (enough || (minP > 0 && logits[id] < max + Math.log(minP)))) {
        break;
      }
      sum += Math.exp(logits[id] - max);
      count++;
    }
    return sorted.subList(0, count);
  }

  private static double[] distribution(
      float[] logits, float temperature, int topK, float topP, float minP) {
    double[] p = new double[logits.length];
    List<Integer> kept = kept(logits, topK, topP, minP);
    for (int id : kept) {
      p[id] = Math.exp((logits[id] - logits[kept.getFirst()]) / temperature);
    }
    double sum = Arrays.stream(p).sum();
    return Arrays.stream(p).map(value -> value / sum).toArray();
  }
}

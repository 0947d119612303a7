package dev.diecast.tools.cases;

import static dev.diecast.plans.StepState.EMIT;
import static dev.diecast.plans.StepState.EMITTED;
import static dev.diecast.plans.StepState.HISTORY;
import static dev.diecast.plans.StepState.HISTORY_COUNT;
import static dev.diecast.plans.StepState.HISTORY_TOKENS;
import static dev.diecast.plans.StepState.POSITION;
import static dev.diecast.plans.StepState.SAMPLED;
import static dev.diecast.plans.StepState.TOKEN;

import dev.diecast.plans.StepState;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** The end of a step. */
final class SamplingReferences {
  private SamplingReferences() {}

  static void addTo(Map<String, Reference> all) {
    all.put("sample", SamplingReferences::sample);
    all.put("advance", SamplingReferences::advance);
  }

  private static void advance(CaseData d, Expected out) {
    field(out, POSITION, d.position() + d.tokens());
    if (d.stateInt(EMIT) == 1) {
      long emitted = d.stateLong(EMITTED);
      int sampled = d.stateInt(SAMPLED);
      field(out, TOKEN, sampled);
      out.row("ring", emitted % d.i32("ring_size"), sampled);
      field(out, EMITTED, (int) (emitted + 1));
      field(out, EMITTED + 4, (int) ((emitted + 1) >> 32));
    }
  }

  private static void field(Expected out, long offset, int value) {
    out.row("step", offset / 4, value);
  }

  private static void sample(CaseData d, Expected out) {
    int vocab = d.i32("n_vocab");
    out.unspecified("scratch", 0, 2L * vocab);
    int[] history = new int[HISTORY_TOKENS];
    for (int i = 0; i < HISTORY_TOKENS; i++) {
      history[i] = d.stateInt(HISTORY + 4L * i);
    }
    int count = d.stateInt(HISTORY_COUNT);
    for (int t = 0; t < d.tokens(); t++) {
      int at = Math.floorMod(count + t, HISTORY_TOKENS);
      history[at] = d.id("tokens", t);
      field(out, HISTORY + 4L * at, history[at]);
    }
    field(out, HISTORY_COUNT, count + d.tokens());
    if (d.stateInt(EMIT) == 1) {
      field(out, SAMPLED, choose(d, penalised(d, history, count + d.tokens())));
    }
  }

  /** Logits after the repetition penalty; what is no number counts as minus infinity. */
  private static double[] penalised(CaseData d, int[] history, int count) {
    double[] scores = d.values("logits", 0, d.i32("n_vocab"));
    double penalty = d.stateFloat(StepState.REPEAT_PENALTY);
    int window = Math.min(d.stateInt(StepState.REPEAT_WINDOW), Math.min(count, HISTORY_TOKENS));
    Set<Integer> recent = new HashSet<>();
    for (int i = 1; i <= window; i++) {
      recent.add(history[Math.floorMod(count - i, HISTORY_TOKENS)]);
    }
    for (int token : recent) {
      if (token >= 0 && token < scores.length) {
        // The kernels do this in float32, and later compare what comes of it.
        double score = scores[token];
        scores[token] = (float) (score > 0 ? score / penalty : score * penalty);
      }
    }
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Double.isNaN(scores[i]) ? Double.NEGATIVE_INFINITY : scores[i];
    }
    return scores;
  }

  private static int choose(CaseData d, double[] scores) {
    List<Integer> order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
            .toList();
    double max = scores[order.getFirst()];
    double temperature = d.stateFloat(StepState.TEMPERATURE);
    if (temperature == 0 || Double.isInfinite(max)) {
      return order.getFirst();
    }
    int topK = d.stateInt(StepState.TOP_K);
    double topP = d.stateFloat(StepState.TOP_P);
    double minP = d.stateFloat(StepState.MIN_P);
    boolean all = (topK == 0 || topK >= scores.length) && topP >= 1 && minP == 0;
    List<Integer> kept =
        all
            ? IntStream.range(0, scores.length).boxed().toList()
            : nucleus(
                scores,
                topK == 0 ? order : order.subList(0, Math.min(topK, order.size())),
                topP,
                minP);
    double[] weights =
        kept.stream().mapToDouble(i -> Math.exp((scores[i] - max) / temperature)).toArray();
    double total = 0;
    for (double weight : weights) {
      total += weight;
    }
    double left = uniform(d) * total;
    for (int i = 0; i < weights.length; i++) {
      left -= weights[i];
      if (left < 0) {
        return kept.get(i);
      }
    }
    return kept.getLast();
  }

  /** The first tokens that together reach topP of all, as far as each is minP of the first. */
  private static List<Integer> nucleus(
      double[] scores, List<Integer> order, double topP, double minP) {
    double max = scores[order.getFirst()];
    double total = order.stream().mapToDouble(i -> Math.exp(scores[i] - max)).sum();
    double sum = 0;
    int kept = 0;
    while (kept < order.size()) {
      double p = Math.exp(scores[order.get(kept)] - max);
      if (kept > 0 && ((topP < 1 && sum >= topP * total) || p < minP || p == 0)) {
        break;
      }
      sum += p;
      kept++;
    }
    return order.subList(0, kept);
  }

  /** The random number of seed and position: SplitMix64's mixer over a counter, 24 bits. */
  private static double uniform(CaseData d) {
    long golden = 0x9e3779b97f4a7c15L;
    long position = (long) d.position() + d.tokens() - 1;
    long seed = mix(d.stateLong(StepState.SEED) + golden);
    return (mix(seed + (position + 1) * golden) >>> 40) * 0x1p-24;
  }

  private static long mix(long value) {
    long a = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }
}

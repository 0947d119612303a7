package dev.diecast.kernels.gpu;

import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The choice of a token in float64, by sorting the whole vocabulary.
 *
 * @param recent tokens that the repetition penalty covers
 * @param random in [0, 1)
 */
record SampleReference(
    float[] logits,
    int[] recent,
    float penalty,
    float temperature,
    int topK,
    float topP,
    float minP,
    double random) {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  /** The random number of a seed and a position: see {@code sample} in the catalogue. */
  static double random(long seed, long position) {
    return (mix(mix(seed + GOLDEN) + (position + 1) * GOLDEN) >>> 40) * 0x1p-24;
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  int token() {
    float[] scores = penalised();
    int[] order = order(scores);
    double max = scores[order[0]];
    if (!(temperature > 0) || Double.isInfinite(max)) {
      return order[0];
    }
    boolean all = (topK <= 0 || topK >= scores.length) && topP >= 1 && minP <= 0;
    return all
        ? draw(scores, IntStream.range(0, scores.length).toArray(), scores.length, max)
        : draw(scores, order, kept(scores, order, max), max);
  }

  private float[] penalised() {
    float[] scores = logits.clone();
    Set<Integer> seen = new HashSet<>();
    for (int token : recent) {
      if (seen.add(token) && token >= 0 && token < scores.length) {
        scores[token] = scores[token] > 0 ? scores[token] / penalty : scores[token] * penalty;
      }
    }
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Float.isNaN(scores[i]) ? Float.NEGATIVE_INFINITY : scores[i] + 0f;
    }
    return scores;
  }

  private static int[] order(float[] scores) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(
            Comparator.<Integer>comparingDouble(i -> -(double) scores[i] + 0.0)
                .thenComparingInt(i -> i))
        .mapToInt(i -> i)
        .toArray();
  }

  private int kept(float[] scores, int[] order, double max) {
    int most = topK > 0 ? Math.min(topK, scores.length) : scores.length;
    double total = 0;
    for (int i = 0; i < most; i++) {
      total += Math.exp(scores[order[i]] - max);
    }
    double enough = topP < 1 ? topP * total : Double.POSITIVE_INFINITY;
    double least = minP > 0 ? max + Math.log(minP) : Double.NEGATIVE_INFINITY;
    double sum = 0;
    int kept = 0;
    while (kept < most && (kept == 0 || sum < enough)) {
      float score = scores[order[kept]];
      if (kept > 0 && (score < least || score == Float.NEGATIVE_INFINITY)) {
        break;
      }
      sum += Math.exp(score - max);
      kept++;
    }
    return kept;
  }

  private int draw(float[] scores, int[] ids, int count, double max) {
    double total = 0;
    for (int i = 0; i < count; i++) {
      total += Math.exp((scores[ids[i]] - max) / temperature);
    }
    double left = random * total;
    for (int i = 0; i < count; i++) {
      left -= Math.exp((scores[ids[i]] - max) / temperature);
      if (left < 0) {
        return ids[i];
      }
    }
    return ids[count - 1];
  }
}

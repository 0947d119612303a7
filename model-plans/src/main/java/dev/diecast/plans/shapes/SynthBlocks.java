package dev.diecast.plans.shapes;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.diecast.plans.PlanException;
import dev.diecast.plans.gguf.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Random;

/**
 * Random blocks at memory speed: noise everywhere, then scales in their places that give the values
 * mean 0 and the deviation asked for. Half of the scales without a minimum are negative, as in real
 * files, which also cancels the mean of quants like -8 to 7.
 */
public final class SynthBlocks {
  private static final ValueLayout.OfShort SHORT =
      JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long TOP_BITS = 0x8080808080808080L;
  private static final long LOW_BITS = 0x7f * ONES;
  private static final int SCALES = 256;
  private static final int VALUES = 4096;

  /** Root mean square of factors even in 0.6 to 1.4. */
  private static final double SPREAD = Math.sqrt(1 + 0.8 * 0.8 / 12);

  private final long seed;

  /** Blocks that follow from a seed. */
  public SynthBlocks(long seed) {
    this.seed = seed;
  }

  /** Fills memory with whole blocks whose values have that standard deviation. */
  public void fill(TensorType type, double deviation, MemorySegment to) {
    noise(to);
    switch (type) {
      case F32 -> f32(to, deviation);
      case F16 -> shorts(to, halves(gaussians(deviation)));
      case BF16 -> shorts(to, bfloats(gaussians(deviation)));
      case Q4_0 -> scaled(type, to, 0, signed(deviation / rms(-8, 7)));
      case Q5_0 -> scaled(type, to, 0, signed(deviation / rms(-16, 15)));
      case Q8_0 -> q8(to, signed(deviation / rms(-127, 127)));
      case Q4_1 -> withMinimum(type, to, deviation / rmsCentred(16), -7.5);
      case Q5_1 -> withMinimum(type, to, deviation / rmsCentred(32), -15.5);
      case Q4_K -> k(type, to, deviation / (rmsCentred(16) * rms(0, 63)), 7.5);
      case Q5_K -> k(type, to, deviation / (rmsCentred(32) * rms(0, 63)), 15.5);
      case Q6_K -> q6(to, signed(deviation / (rms(-32, 31) * rms(32, 95))));
      default -> throw new PlanException("blocks of type " + type + " cannot be synthesised");
    }
  }

  /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014): a bijection that mixes all bits. */
  static long scramble(long z) {
    long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }

  private void noise(MemorySegment to) {
    long words = to.byteSize() / Long.BYTES;
    long state = seed;
    for (long i = 0; i < words; i++) {
      state += 0x9e3779b97f4a7c15L;
      to.set(LONG, i * Long.BYTES, scramble(state));
    }
    for (long p = words * Long.BYTES; p < to.byteSize(); p++) {
      to.set(JAVA_BYTE, p, (byte) scramble(state + p));
    }
  }

  /** Puts a scale into every block; the noise that was there chooses which. */
  private static void scaled(TensorType type, MemorySegment to, long at, short[] scales) {
    for (long p = at; p < to.byteSize(); p += type.blockBytes()) {
      to.set(SHORT, p, scales[to.get(SHORT, p) & (SCALES - 1)]);
    }
  }

  private void withMinimum(TensorType type, MemorySegment to, double amplitude, double centre) {
    float[] scales = factors(amplitude);
    short[] d = halves(scales);
    short[] m = times(d, centre);
    for (long p = 0; p < to.byteSize(); p += type.blockBytes()) {
      int choice = to.get(SHORT, p) & (SCALES - 1);
      to.set(SHORT, p, d[choice]);
      to.set(SHORT, p + 2, m[choice]);
    }
  }

  /** Equal scales and minima, and dmin = centre * d, give every sub-block mean 0. */
  private void k(TensorType type, MemorySegment to, double amplitude, double centre) {
    short[] d = halves(factors(amplitude));
    short[] dmin = times(d, centre);
    for (long p = 0; p < to.byteSize(); p += type.blockBytes()) {
      int choice = to.get(SHORT, p) & (SCALES - 1);
      to.set(SHORT, p, d[choice]);
      to.set(SHORT, p + 2, dmin[choice]);
      to.set(INT, p + 8, to.get(INT, p + 4));
      int low = to.get(INT, p + 12) & 0x0f0f0f0f;
      to.set(INT, p + 12, low | (low << 4));
    }
  }

  /** Quants of -128 never occur in real files: they become -127. */
  private static void q8(MemorySegment to, short[] scales) {
    long block = TensorType.Q8_0.blockBytes();
    for (long p = 0; p < to.byteSize(); p += block) {
      to.set(SHORT, p, scales[to.get(SHORT, p) & (SCALES - 1)]);
      for (int i = 2; i < block; i += Long.BYTES) {
        long w = to.get(LONG, p + i);
        long t = w ^ TOP_BITS;
        long zero = ~(((t & LOW_BITS) + LOW_BITS) | t | LOW_BITS);
        to.set(LONG, p + i, w | (zero >>> 7));
      }
    }
  }

  /** Sub-block scales of magnitude 32 to 95, either sign. */
  private static void q6(MemorySegment to, short[] scales) {
    for (long p = 0; p < to.byteSize(); p += TensorType.Q6_K.blockBytes()) {
      for (int i = 192; i < 208; i += Long.BYTES) {
        long w = to.get(LONG, p + i);
        long magnitude = ((w >>> 2) & (0x3f * ONES)) + 0x20 * ONES;
        long negative = w & ONES;
        to.set(LONG, p + i, (magnitude ^ (negative * 0xff)) + negative);
      }
      to.set(SHORT, p + 208, scales[to.get(SHORT, p + 208) & (SCALES - 1)]);
    }
  }

  private void f32(MemorySegment to, double deviation) {
    float[] values = gaussians(deviation);
    for (long p = 0; p < to.byteSize(); p += Float.BYTES) {
      to.set(INT, p, Float.floatToRawIntBits(values[to.get(INT, p) & (VALUES - 1)]));
    }
  }

  private static void shorts(MemorySegment to, short[] values) {
    for (long p = 0; p < to.byteSize(); p += Short.BYTES) {
      to.set(SHORT, p, values[to.get(SHORT, p) & (VALUES - 1)]);
    }
  }

  /** Normal values in pairs of opposite sign, so that their mean is 0. */
  private float[] gaussians(double deviation) {
    Random random = new Random(seed);
    float[] values = new float[VALUES];
    for (int i = 0; i < VALUES; i += 2) {
      values[i] = (float) (deviation * random.nextGaussian());
      values[i + 1] = -values[i];
    }
    return values;
  }

  /** Positive scales with the root mean square asked for. */
  private float[] factors(double rms) {
    Random random = new Random(seed);
    float[] scales = new float[SCALES];
    for (int i = 0; i < SCALES; i++) {
      scales[i] = (float) (rms / SPREAD * (0.6 + 0.8 * random.nextDouble()));
    }
    return scales;
  }

  private short[] signed(double rms) {
    float[] scales = factors(rms);
    for (int i = 1; i < SCALES; i += 2) {
      scales[i] = -scales[i];
    }
    return halves(scales);
  }

  private static short[] halves(float[] values) {
    short[] halves = new short[values.length];
    for (int i = 0; i < values.length; i++) {
      halves[i] = Float.floatToFloat16(values[i]);
    }
    return halves;
  }

  private static short[] bfloats(float[] values) {
    short[] bfloats = new short[values.length];
    for (int i = 0; i < values.length; i++) {
      bfloats[i] = (short) (Float.floatToRawIntBits(values[i]) >>> 16);
    }
    return bfloats;
  }

  private static short[] times(short[] halves, double factor) {
    short[] products = new short[halves.length];
    for (int i = 0; i < halves.length; i++) {
      products[i] = Float.floatToFloat16((float) (Float.float16ToFloat(halves[i]) * factor));
    }
    return products;
  }

  /** Root mean square of the integers from a to b. */
  private static double rms(int a, int b) {
    double sum = 0;
    for (int i = a; i <= b; i++) {
      sum += (double) i * i;
    }
    return Math.sqrt(sum / (b - a + 1));
  }

  /** Root mean square of so many integers in a row about their mean. */
  private static double rmsCentred(int count) {
    return Math.sqrt(((double) count * count - 1) / 12);
  }
}

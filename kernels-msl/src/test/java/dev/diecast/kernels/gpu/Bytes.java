package dev.diecast.kernels.gpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/** Arrays as little-endian bytes and back. */
final class Bytes {
  private Bytes() {}

  static byte[] of(float[] values) {
    byte[] bytes = new byte[4 * values.length];
    buffer(bytes).asFloatBuffer().put(values);
    return bytes;
  }

  static byte[] of(double[] values) {
    byte[] bytes = new byte[8 * values.length];
    buffer(bytes).asDoubleBuffer().put(values);
    return bytes;
  }

  static byte[] of(int... values) {
    byte[] bytes = new byte[4 * values.length];
    buffer(bytes).asIntBuffer().put(values);
    return bytes;
  }

  static byte[] halves(float[] values) {
    byte[] bytes = new byte[2 * values.length];
    ByteBuffer out = buffer(bytes);
    for (float value : values) {
      out.putShort(Float.floatToFloat16(value));
    }
    return bytes;
  }

  static float[] floats(byte[] bytes) {
    float[] values = new float[bytes.length / 4];
    buffer(bytes).asFloatBuffer().get(values);
    return values;
  }

  static float[] fromHalves(byte[] bytes) {
    ByteBuffer in = buffer(bytes);
    float[] values = new float[bytes.length / 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.float16ToFloat(in.getShort(2 * i));
    }
    return values;
  }

  static int[] ints(byte[] bytes) {
    int[] values = new int[bytes.length / 4];
    buffer(bytes).asIntBuffer().get(values);
    return values;
  }

  /** Values from a normal distribution. */
  static float[] random(long seed, int n) {
    Random random = new Random(seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** The same, rounded to float16. */
  static float[] randomHalves(long seed, int n) {
    return fromHalves(halves(random(seed, n)));
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}

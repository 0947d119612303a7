package dev.diecast.kernels.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

/**
 * Float results by token. What a kernel did not write holds the pattern that {@link KernelRun} put
 * there.
 *
 * @param bytes all of them
 * @param row floats from one token to the next
 * @param tokens that there is room for
 * @param active tokens that were computed
 */
record Rows(byte[] bytes, int row, int tokens, int active) {
  float[] at(int from, int n) {
    return Bytes.floats(Arrays.copyOfRange(bytes, 4 * from, 4 * (from + n)));
  }

  void assertUntouched(int from, int n) {
    for (int i = 4 * from; i < 4 * (from + n); i++) {
      assertThat(bytes[i]).as("byte " + i).isEqualTo((byte) 0xff);
    }
  }

  /** Nothing was written for tokens that were not active. */
  void assertRestUntouched() {
    assertUntouched(active * row, (tokens - active) * row);
  }
}

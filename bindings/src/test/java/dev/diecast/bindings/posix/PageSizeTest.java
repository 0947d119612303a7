package dev.diecast.bindings.posix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PageSizeTest {
  @Test
  void pagesAreAPowerOfTwo() {
    assertThat(Long.bitCount(PageSize.bytes())).isEqualTo(1);
    assertThat(PageSize.bytes()).isBetween(4096L, 65536L);
  }
}

package dev.diecast.bindings.metal.abi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Structs lie in memory as Apple's do. */
final class StructsTest {
  @Test
  void sizes() {
    assertThat(NSRange.sizeof()).isEqualTo(16);
    assertThat(MTLSize.sizeof()).isEqualTo(24);
    assertThat(MTLResourceID.sizeof()).isEqualTo(8);
    assertThat(MTL4BufferRange.sizeof()).isEqualTo(16);
    assertThat(MTLSizeAndAlign.sizeof()).isEqualTo(16);
    assertThat(NSOperatingSystemVersion.sizeof()).isEqualTo(24);
    assertThat(Block_literal.sizeof()).isEqualTo(32);
    assertThat(Block_descriptor.sizeof()).isEqualTo(16);
  }

  @Test
  void offsets() {
    assertThat(NSRange.length$offset()).isEqualTo(8);
    assertThat(MTLSize.height$offset()).isEqualTo(8);
    assertThat(MTLSize.depth$offset()).isEqualTo(16);
    assertThat(MTLSizeAndAlign.align$offset()).isEqualTo(8);
    assertThat(NSOperatingSystemVersion.minorVersion$offset()).isEqualTo(8);
    assertThat(NSOperatingSystemVersion.patchVersion$offset()).isEqualTo(16);
    assertThat(Block_literal.flags$offset()).isEqualTo(8);
    assertThat(Block_literal.invoke$offset()).isEqualTo(16);
    assertThat(Block_literal.descriptor$offset()).isEqualTo(24);
    assertThat(Block_descriptor.size$offset()).isEqualTo(8);
  }
}

package dev.diecast.plans.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.diecast.plans.PlanException;
import java.lang.foreign.MemorySegment;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which a header can be wrong has one located error. */
class GgufPartTest {
  private static final int ARRAY = MetaValue.Type.ARRAY.id();
  private static final int STRING = MetaValue.Type.STRING.id();

  static Stream<Arguments> damaged() {
    HeaderBytes deep = HeaderBytes.start(0, 1).text("k").u32(ARRAY);
    for (int i = 0; i < 20; i++) {
      deep.u32(ARRAY).u64(1);
    }
    return Stream.of(
        arguments("magic", raw("GGML"), "at byte 0: not a GGUF file"),
        arguments("version 1", raw("GGUF").u32(1), "at byte 4: GGUF version 1;"),
        arguments("big-endian", raw("GGUF").u32(3 << 24), "at byte 4: a big-endian GGUF"),
        arguments("ends early", raw("GGUF").u32(3), "at byte 8: the file ends inside"),
        arguments(
            "tensor count",
            HeaderBytes.start(-1, 0),
            "at byte 8: the tensor count is 18446744073709551615, more than the rest"),
        arguments(
            "metadata count",
            HeaderBytes.start(0, 1L << 40),
            "at byte 16: the metadata count is 1099511627776, more than the rest"),
        arguments(
            "key too long",
            HeaderBytes.start(0, 1).u64(1L << 62).zeros(99),
            "at byte 24: a metadata key claims 4611686018427387904 bytes"),
        arguments(
            "value type",
            HeaderBytes.start(0, 1).text("k").u32(13).u64(0),
            "at byte 33: metadata 'k' has the unknown type 13"),
        arguments(
            "boolean",
            HeaderBytes.start(0, 1).text("k").u32(7).u8(2),
            "at byte 37: metadata 'k' has the boolean 2"),
        arguments(
            "UTF-8",
            HeaderBytes.start(0, 1).text("k").u32(STRING).u64(2).u8(0xc3).u8(0x28),
            "at byte 45: k is not valid UTF-8"),
        arguments(
            "array count",
            HeaderBytes.start(0, 1).text("k").u32(ARRAY).u32(STRING).u64(1L << 60),
            "at byte 41: the size of 'k' is 1152921504606846976, more than the rest"),
        arguments("nesting", deep, "metadata 'k' nests arrays too deeply"),
        arguments(
            "duplicate key",
            HeaderBytes.start(0, 2).text("k").u32(7).u8(1).text("k").u32(7).u8(1),
            "at byte 38: metadata 'k' occurs twice"),
        arguments(
            "alignment",
            HeaderBytes.start(0, 1).text("general.alignment").u32(4).u32(48),
            "metadata 'general.alignment' is not a positive power of two"),
        arguments(
            "no dimensions",
            HeaderBytes.start(1, 0).text("t").u32(0).u32(0).u64(0).zeros(64),
            "at byte 33: tensor 't' has 0 dimensions"),
        arguments(
            "five dimensions",
            HeaderBytes.start(1, 0).tensor("t", 0, 0, 1, 1, 1, 1, 1),
            "tensor 't' has 5 dimensions"),
        arguments(
            "extent 0", HeaderBytes.tensor(0, 0), "at byte 37: tensor 't' has an extent of 0"),
        arguments(
            "negative extent",
            HeaderBytes.tensor(-1, 0),
            "tensor 't' has an extent of 18446744073709551615"),
        arguments(
            "row overflow",
            HeaderBytes.tensor(Long.MAX_VALUE, 0),
            "at byte 24: tensor 't': a row of 9223372036854775807 values is too long"),
        arguments(
            "shape overflow",
            HeaderBytes.start(1, 0).tensor("t", 0, 0, 1L << 31, 1L << 31, 1L << 31),
            "is too large"),
        arguments(
            "tensor type",
            HeaderBytes.start(1, 0).tensor("t", 31, 0, 32),
            "at byte 45: tensor 't' has the unknown type 31"),
        arguments(
            "part of a block",
            HeaderBytes.start(1, 0).tensor("t", 12, 0, 255).zeros(256),
            "tensor 't': a row of 255 values is not a whole number of Q4_K blocks of 256"),
        arguments(
            "duplicate tensor",
            HeaderBytes.start(2, 0).tensor("t", 0, 0, 4).tensor("t", 0, 32, 4).zeros(128),
            "at byte 57: tensor 't' occurs twice"),
        arguments(
            "misaligned",
            HeaderBytes.tensor(4, 33).zeros(128),
            "at byte 24: the data of tensor 't' is at offset 33, not a multiple of 32"),
        arguments(
            "out of range",
            HeaderBytes.tensor(4, 32).zeros(32),
            "(16 bytes at offset 32) reaches beyond the end of the file"),
        arguments(
            "offset of 64 bits",
            HeaderBytes.tensor(4, -32).zeros(64),
            "at offset 18446744073709551584) reaches beyond"),
        arguments(
            "overlap",
            HeaderBytes.start(2, 0).tensor("t", 0, 32, 4).tensor("u", 0, 0, 9).zeros(128),
            "at byte 24: the data of tensor 't' overlaps that of 'u'"));
  }

  private static HeaderBytes raw(String magic) {
    HeaderBytes header = new HeaderBytes();
    magic.chars().forEach(header::u8);
    return header;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damaged")
  void damageHasOneLocatedError(String name, HeaderBytes header, String message) {
    assertThatThrownBy(() -> parse(header))
        .isInstanceOf(PlanException.class)
        .hasMessageStartingWith("m.gguf: at byte ")
        .hasMessageContaining(message);
  }

  @Test
  void soundHeaderParses() {
    GgufPart part = parse(HeaderBytes.tensor(4, 32).zeros(128));
    assertThat(part.tensors()).extracting(TensorInfo::fileOffset).containsExactly(96L);
  }

  private static GgufPart parse(HeaderBytes header) {
    return GgufPart.parse(MemorySegment.ofArray(header.bytes()), "m.gguf", 0);
  }
}

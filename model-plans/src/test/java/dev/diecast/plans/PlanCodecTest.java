package dev.diecast.plans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.diecast.plans.codec.PlanFormat;
import dev.diecast.plans.proto.BufferKind;
import dev.diecast.plans.proto.PlanFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class PlanCodecTest {
  private static final byte[] SMALL = PlanCodec.encode(SmallPlan.build());

  /** A file of an earlier build: it stays readable, and its canonical bytes stay the same. */
  @Test
  void theFormatStands() throws IOException {
    byte[] golden = Files.readAllBytes(Path.of("src/test/resources/small.plan"));

    Plan plan = PlanCodec.decode(golden);

    assertThat(plan.producer()).isEqualTo("diecast test");
    assertThat(plan.programs()).extracting(Program::name).containsExactly("decode", "prefill-4");
    assertThat(PlanCodec.encode(plan)).isEqualTo(golden);
  }

  @Test
  void beginsWithItsMagic() {
    assertThat(new String(SMALL, 1, 8, StandardCharsets.US_ASCII)).isEqualTo("DIECASTP");
  }

  @Test
  void decodesWhatItEncodes() {
    Plan decoded = PlanCodec.decode(SMALL);

    assertThat(decoded)
        .usingRecursiveComparison()
        .withStrictTypeChecking()
        .isEqualTo(SmallPlan.build());
    assertThat(PlanCodec.encode(decoded)).isEqualTo(SMALL);
  }

  @Test
  void refusesAnotherKindOfFile() {
    assertRefused("GGUF and more".getBytes(StandardCharsets.US_ASCII), "not a Diecast plan");
    assertRefused(new byte[0], "not a Diecast plan");
    assertRefused(Arrays.copyOf(SMALL, 9), "format version is missing");
  }

  @Test
  void refusesAnotherVersion() {
    assertRefused(plan -> plan.setFormatVersion(300), "format version 300 is unknown");
  }

  @Test
  void refusesEveryTruncation() {
    for (int length = 0; length < SMALL.length; length++) {
      assertRefused(Arrays.copyOf(SMALL, length), "plan");
    }
    byte[] withoutPasses = sealed(PlanFile.Builder::clearPasses);
    assertRefused(Arrays.copyOf(withoutPasses, withoutPasses.length - 6), "it is cut short");
  }

  @Test
  void refusesEveryFlippedBit() {
    for (int bit = 0; bit < 8 * SMALL.length; bit++) {
      byte[] damaged = SMALL.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      assertRefused(damaged, "plan");
    }
  }

  @Test
  void refusesMissingParts() {
    assertRefused(PlanFile.Builder::clearModel, "names no model");
    assertRefused(PlanFile.Builder::clearTarget, "names no target");
  }

  @Test
  void refusesUnknownFields() {
    byte[] appended = Arrays.copyOf(SMALL, SMALL.length + 3);
    // Field 100, a varint.
    appended[SMALL.length] = (byte) 0xa0;
    appended[SMALL.length + 1] = 0x06;
    assertRefused(appended, "unknown field 100; a newer version wrote this plan");
  }

  @Test
  void refusesUnknownEnumValues() {
    assertRefused(plan -> plan.getBuffersBuilder(2).setKindValue(9), "unknown kind of buffer");
    assertRefused(
        plan ->
            plan.getProgramsBuilder(0)
                .getDispatchesBuilder(2)
                .getBindingsBuilder(0)
                .setAccessValue(7),
        "program decode, dispatch 2 (blk.0.attn_q): slot 0: unknown access");
  }

  @Test
  void refusesUnknownTensorTypes() {
    assertRefused(
        plan -> plan.getTensorsBuilder(0).setType("q3_zz"),
        "tensor token_embd.weight: unknown type 'q3_zz'");
  }

  @Test
  void refusesNegativeNumbers() {
    assertRefused(
        plan ->
            plan.getProgramsBuilder(1).getDispatchesBuilder(2).getBindingsBuilder(1).setOffset(-64),
        "program prefill-4, dispatch 2 (blk.0.attn_q): slot 1, offset is negative: -64");
    assertRefused(plan -> plan.getBuffersBuilder(2).setBytes(-1), "size is negative");
    assertRefused(plan -> plan.getModelBuilder().setVocab(-1), "vocabulary is negative");
  }

  @Test
  void refusesBadShapes() {
    assertRefused(
        plan -> plan.getProgramsBuilder(0).getDispatchesBuilder(0).addGrid(1),
        "grid has 4 dimensions, not 3");
    assertRefused(plan -> plan.getTensorsBuilder(0).clearShape(), "0 dimensions");
  }

  @Test
  void refusesContentsThatAreNoneOfABuffersBusiness() {
    assertRefused(plan -> plan.getBuffersBuilder(1).setBytes(4), "4 bytes stated, 128 present");
    assertRefused(plan -> plan.getBuffersBuilder(1).setKind(BufferKind.KV), "only constants");
    assertRefused(plan -> plan.getBuffersBuilder(2).setFileOffset(1), "only weights lie in a file");
  }

  @Test
  void refusesBadText() {
    byte[] damaged = SMALL.clone();
    int at = new String(SMALL, StandardCharsets.ISO_8859_1).indexOf("blk.0.attn_q");
    damaged[at] = (byte) 0xff;
    assertRefused(damaged, "name is not valid UTF-8");
  }

  @Test
  void refusesBytesThatAreNotCanonical() {
    // An empty producer, which a canonical plan leaves out, behind everything else.
    byte[] body = Arrays.copyOf(SMALL, SMALL.length - 6 + 2);
    body[body.length - 2] = 0x1a;
    body[body.length - 1] = 0;
    assertRefused(PlanFormat.sealed(body), "the encoding is not canonical");
  }

  /** Two bytes in the file would be a hundred on the heap. */
  @Test
  void refusesFloodsOfEmptyMessages() {
    byte[] flood = Arrays.copyOf(SMALL, SMALL.length + 8_000_000);
    for (int i = SMALL.length; i < flood.length; i += 2) {
      flood[i] = 0x4a;
    }
    assertRefused(flood, "no plan is so large");
  }

  private static PlanFile message() {
    try {
      return PlanFile.parseFrom(SMALL);
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] sealed(Consumer<PlanFile.Builder> edit) {
    PlanFile.Builder builder = message().toBuilder().clearChecksum();
    edit.accept(builder);
    return PlanFormat.sealed(builder.build().toByteArray());
  }

  private static void assertRefused(Consumer<PlanFile.Builder> edit, String message) {
    assertRefused(sealed(edit), message);
  }

  private static void assertRefused(byte[] bytes, String message) {
    assertThatThrownBy(() -> PlanCodec.decode("plan.bin", bytes))
        .isInstanceOf(PlanException.class)
        .hasMessageStartingWith("plan.bin: ")
        .hasMessageContaining(message);
  }
}

package dev.diecast.plans.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamingDecoderTest {
  /** Ids 0..255 are the bytes; 256 is a control token. */
  private final Tokenizer bytes =
      Tokenizer.of(
          TestVocabulary.bytePair("gpt-2").token("<|stop|>", TokenKind.CONTROL).metadata());

  private String stream(StreamingDecoder decoder, byte[] text) {
    var out = new StringBuilder();
    for (byte b : text) {
      out.append(decoder.accept(b & 0xFF));
    }
    return out.append(decoder.flush()).toString();
  }

  @Test
  void holdsACharacterUntilItIsWhole() {
    var decoder = new StreamingDecoder(bytes, false);
    assertThat(decoder.accept(0xF0)).isEmpty();
    assertThat(decoder.accept(0x9F)).isEmpty();
    assertThat(decoder.accept(0x98)).isEmpty();
    assertThat(decoder.accept(0x80)).isEqualTo("\uD83D\uDE00");
    assertThat(decoder.accept('!')).isEqualTo("!");
    assertThat(decoder.flush()).isEmpty();
  }

  @Test
  void flushReplacesWhatIsIncomplete() {
    var decoder = new StreamingDecoder(bytes, false);
    assertThat(decoder.accept(0xE4)).isEmpty();
    assertThat(decoder.accept(0xB8)).isEmpty();
    assertThat(decoder.flush()).isEqualTo("\uFFFD");
    assertThat(decoder.accept('a')).as("a new text").isEqualTo("a");
  }

  @Test
  void invalidBytesDoNotSwallowWhatFollows() {
    assertThat(stream(new StreamingDecoder(bytes, false), new byte[] {(byte) 0xE4, 'a'}))
        .isEqualTo("\uFFFDa");
  }

  @Test
  void controlTokensShowOnRequestOnly() {
    assertThat(new StreamingDecoder(bytes, false).accept(256)).isEmpty();
    assertThat(new StreamingDecoder(bytes, true).accept(256)).isEqualTo("<|stop|>");
  }

  @Test
  void equalsTheDecodeOfAllBytesAtOnce() {
    var random = new Random(11);
    int[] leads = {0xC2, 0xE0, 0xE4, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xC0, 0xFF, 'a'};
    var decoder = new StreamingDecoder(bytes, true);
    for (int round = 0; round < 20_000; round++) {
      var text = new byte[random.nextInt(8)];
      for (int i = 0; i < text.length; i++) {
        text[i] =
            (byte)
                (random.nextBoolean()
                    ? leads[random.nextInt(leads.length)]
                    : 0x80 + random.nextInt(0x40));
      }
      assertThat(stream(decoder, text)).isEqualTo(new String(text, UTF_8));
    }
  }
}

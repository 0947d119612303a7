package dev.diecast.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StopTextsTest {
  @Test
  void textPassesAsSoonAsItIsCertain() {
    StopTexts stops = new StopTexts(List.of("\n\n", "END"));
    assertThat(stops.accept("one\n")).isEqualTo("one");
    assertThat(stops.accept("two E")).isEqualTo("\ntwo ");
    assertThat(stops.accept("N")).isEmpty();
    assertThat(stops.accept("E")).isEqualTo("EN");
    assertThat(stops.accept("ND of it")).isEmpty();
    assertThat(stops.found()).isTrue();
    assertThat(stops.accept("more")).isEmpty();
    assertThat(stops.flush()).isEmpty();
  }

  @Test
  void whatWasHeldComesOutAtTheEnd() {
    StopTexts stops = new StopTexts(List.of("abc"));
    assertThat(stops.accept("xxab")).isEqualTo("xx");
    assertThat(stops.flush()).isEqualTo("ab");
    assertThat(new StopTexts(List.of()).accept("ab")).isEqualTo("ab");
  }

  @Test
  void piecesDoNotMatter() {
    Random random = new Random(1);
    for (int round = 0; round < 500; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 40; i++) {
        text.append((char) ('a' + random.nextInt(3)));
      }
      List<String> texts = List.of("abca", "cc", "bab");
      StopTexts stops = new StopTexts(texts);
      StringBuilder got = new StringBuilder();
      for (int at = 0; at < text.length(); ) {
        int next = Math.min(text.length(), at + 1 + random.nextInt(3));
        got.append(stops.accept(text.substring(at, next)));
        at = next;
      }
      got.append(stops.flush());
      // The stop that is complete first ends the text.
      int end = text.length();
      int start = text.length();
      for (String stop : texts) {
        int at = text.indexOf(stop);
        if (at >= 0 && at + stop.length() < end) {
          end = at + stop.length();
        }
        if (at >= 0) {
          start = Math.min(start, at);
        }
      }
      assertThat(got.length()).isBetween(start, end);
      assertThat(text.toString()).startsWith(got.toString());
    }
  }
}

package dev.diecast.tools.demo.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class StoryGrammarTest {
  private static final String LOST =
      "Once upon a time, there was a kind girl named Zoe. Zoe had a pink hat and loved it very much. "
          + "One cold day, the hat was gone. Zoe looked everywhere, but she could not see it. "
          + "Then Ben came to help her. They found the pink hat on the roof. "
          + "Zoe was so happy that she gave Ben a big hug.";

  private static boolean accepts(String story) throws IOException {
    return StoryGrammar.load().accepts(story);
  }

  @Test
  void aStoryWithAndWithoutAnOptionalSentenceIsGrammatical() throws IOException {
    assertThat(accepts(LOST)).isTrue();
    assertThat(accepts(LOST + " From then on, Zoe took good care of the hat.")).isTrue();
  }

  @Test
  void rowsAreTriedUntilOneFits() throws IOException {
    // The kind of child comes before the name, so several children fit at first.
    assertThat(accepts(LOST.replace("girl", "boy"))).isFalse();
    assertThat(accepts(LOST.replace("Zoe", "Nora"))).isTrue();
  }

  @Test
  void namesPronounsAndThingsStayTheSame() throws IOException {
    assertThat(accepts(LOST.replace("but she could", "but he could"))).isFalse();
    assertThat(accepts(LOST.replace("found the pink hat", "found the pink ball"))).isFalse();
    assertThat(accepts(LOST.replace("found the pink", "found the red"))).isFalse();
    assertThat(accepts(LOST.replace("Zoe was so happy", "Mia was so happy"))).isFalse();
  }

  @Test
  void twoOfACastAreTwo() throws IOException {
    assertThat(accepts(LOST.replace("Ben", "Zoe"))).isFalse();
  }

  @Test
  void partsAreMissingOrTooMany() throws IOException {
    assertThat(accepts("")).isFalse();
    assertThat(accepts(LOST + " ")).isFalse();
    assertThat(accepts(LOST + " The end.")).isFalse();
    assertThat(accepts(LOST.replace("Then Ben came to help her. ", ""))).isFalse();
    assertThat(accepts(LOST.replace("day, the hat", "day the hat"))).isFalse();
  }

  @Test
  void theOtherPlotsAreKnownToo() throws IOException {
    assertThat(
            accepts(
                "Once upon a time, there was a kind frog. One day it found a lot of cheese in a box. "
                    + "\"All of this is mine,\" said the frog. Then a horse came by. \"I am so hungry,\" it said. "
                    + "At first the frog said no, and the horse went away sadly. "
                    + "The frog thought about it all night. "
                    + "It took half of the cheese and gave it to the horse. "
                    + "They ate together, and it tasted better than ever. "
                    + "From then on, the frog always shared with others."))
        .isTrue();
  }
}

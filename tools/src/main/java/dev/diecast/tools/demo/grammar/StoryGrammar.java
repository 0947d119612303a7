package dev.diecast.tools.demo.grammar;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * The grammar that the demo model's stories are drawn from. What it accepts has the sentences of
 * one plot, in order, and keeps its names, pronouns and things all through.
 */
public final class StoryGrammar {
  private static final String RESOURCE = "/dev/diecast/tools/demo/stories.grammar";

  private final List<List<Slot>> plots;

  private StoryGrammar(List<List<Slot>> plots) {
    this.plots = plots;
  }

  /** The grammar that ships with the model. */
  public static StoryGrammar load() throws IOException {
    try (InputStream in = StoryGrammar.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing");
      }
      return new StoryGrammar(new GrammarReader().read(new String(in.readAllBytes(), UTF_8)));
    }
  }

  /** Whether a text is one whole story. */
  public boolean accepts(String text) {
    return plots.stream().anyMatch(plot -> new PlotMatcher(plot, text).matches());
  }
}

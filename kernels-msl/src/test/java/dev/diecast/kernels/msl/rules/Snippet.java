package dev.diecast.kernels.msl.rules;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One entry of the table of snippets.
 *
 * @param name what it shows
 * @param rule {@code pass}, the rule that refuses it, or {@code declarations}
 * @param reason a part of the message
 * @param text of the program
 */
record Snippet(String name, String rule, String reason, String text) {
  private static final Pattern HEAD = Pattern.compile("//! (.*): ([a-z-]+)(?: \"(.*)\")?");
  private static final String PRELUDE = "#include <metal_stdlib>\nusing namespace metal;\n";

  static List<Snippet> all() {
    var snippets = new ArrayList<Snippet>();
    for (String line : file().lines().toList()) {
      Matcher head = HEAD.matcher(line);
      if (head.matches()) {
        String reason = head.group(3) == null ? "" : head.group(3);
        snippets.add(new Snippet(head.group(1), head.group(2), reason, PRELUDE));
      } else if (!snippets.isEmpty()) {
        Snippet last = snippets.removeLast();
        snippets.add(new Snippet(last.name, last.rule, last.reason, last.text + line + "\n"));
      }
    }
    return snippets;
  }

  private static String file() {
    try (var in = Snippet.class.getResourceAsStream("snippets.metal")) {
      if (in == null) {
        throw new IllegalStateException("no table of snippets");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}

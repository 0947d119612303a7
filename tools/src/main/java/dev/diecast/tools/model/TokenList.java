package dev.diecast.tools.model;

import dev.diecast.plans.PlanException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Token ids as text. */
public final class TokenList {
  private TokenList() {}

  /**
   * The ids in a text, separated as the regular expression says.
   *
   * @param where the option or file that the text comes from; an error names it and the bad id
   */
  public static int[] parse(String where, String text, String separators) {
    if (text.isBlank()) {
      return new int[0];
    }
    return Arrays.stream(text.strip().split(separators, -1))
        .mapToInt(id -> id(where, id))
        .toArray();
  }

  private static int id(String where, String text) {
    try {
      int id = Integer.parseInt(text);
      if (id >= 0) {
        return id;
      }
    } catch (NumberFormatException e) {
      // Falls through to the error.
    }
    throw new PlanException(where + ": '" + text + "' is not a token id");
  }

  /** Ids separated by spaces. */
  public static String join(int[] ids) {
    return Arrays.stream(ids).mapToObj(Integer::toString).collect(Collectors.joining(" "));
  }
}

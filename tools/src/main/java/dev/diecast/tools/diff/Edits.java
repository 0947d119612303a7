package dev.diecast.tools.diff;

import java.util.ArrayList;
import java.util.List;

/** The shortest way from one list to another by removing and adding elements. */
final class Edits {
  private Edits() {}

  /** What happens to an element. */
  enum Kind {
    KEEP,
    REMOVE,
    ADD
  }

  /**
   * One step; {@code before} and {@code after} are the places in the lists, -1 where there is none.
   */
  record Edit(Kind kind, int before, int after) {}

  /**
   * The steps in order, removals before additions: the longest common subsequence is kept.
   * Quadratic in the lengths, which are those of a layer.
   */
  static <T> List<Edit> between(List<T> before, List<T> after) {
    int[][] common = commonSuffixes(before, after);
    List<Edit> edits = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
        edits.add(new Edit(Kind.KEEP, i++, j++));
      } else if (j == after.size() || (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
        edits.add(new Edit(Kind.REMOVE, i++, -1));
      } else {
        edits.add(new Edit(Kind.ADD, -1, j++));
      }
    }
    return edits;
  }

  /** Element i, j: how many elements the lists from i and from j on have in common. */
  private static <T> int[][] commonSuffixes(List<T> before, List<T> after) {
    int[][] common = new int[before.size() + 1][after.size() + 1];
    for (int i = before.size() - 1; i >= 0; i--) {
      for (int j = after.size() - 1; j >= 0; j--) {
        common[i][j] =
            before.get(i).equals(after.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }
}

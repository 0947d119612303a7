package dev.diecast.plans.gguf;

import dev.diecast.plans.PlanException;
import java.nio.file.Path;
import java.util.List;

/** Holds the parts of a model against what their {@code split.*} metadata says. */
final class SplitCheck {
  private static final String COUNT = "split.count";
  private static final String NUMBER = "split.no";
  private static final String TENSORS = "split.tensors.count";

  private SplitCheck() {}

  /** Checks that the part at {@code index} of {@code count} takes itself for just that. */
  static void part(Path path, GgufPart part, int index, int count) {
    Metadata metadata = new Metadata(path.toString(), part.metadata());
    long says = count == 1 ? metadata.integer(COUNT, 1) : metadata.integer(COUNT);
    if (says != count && !(count == 1 && says == 0)) {
      throw new PlanException(
          path
              + ": metadata '"
              + COUNT
              + "' says "
              + says
              + " parts, the file name says "
              + count
              + "; the parts of a split model must keep names like NAME-00001-of-00003.gguf");
    }
    long number = count == 1 ? metadata.integer(NUMBER, 0) : metadata.integer(NUMBER);
    if (number != index) {
      throw new PlanException(
          path + ": metadata '" + NUMBER + "' says part " + number + " from 0, not " + index);
    }
  }

  /** Checks the number of tensors over all parts. */
  static void total(List<Path> paths, List<GgufPart> parts) {
    Metadata metadata = new Metadata(paths.getFirst().toString(), parts.getFirst().metadata());
    long found = parts.stream().mapToLong(part -> part.tensors().size()).sum();
    long says = metadata.integer(TENSORS, found);
    if (says != found) {
      throw new PlanException(
          paths.getFirst()
              + ": metadata '"
              + TENSORS
              + "' says "
              + says
              + " tensors, the parts hold "
              + found);
    }
  }
}

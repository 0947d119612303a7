package dev.diecast.kernels.msl;

/**
 * A line of a file that somebody wrote.
 *
 * @param file the name as messages show it
 * @param number the line, from 1
 */
public record SourceLine(String file, int number) {

  @Override
  public String toString() {
    return file + ":" + number;
  }
}

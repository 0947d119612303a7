package dev.diecast.replay.metal;

import dev.diecast.plans.PlanException;
import java.util.ArrayList;
import java.util.List;

/**
 * How the mapped parts of a model are cut into buffers. A buffer may not be longer than the device
 * allows, and an offset into one must fit 32 bits, as indirect command buffers keep no more.
 * Windows overlap by the largest binding, so that each binding lies inside one.
 */
final class WeightWindows {
  private static final long OFFSETS = 1L << 32;

  /**
   * Bytes of a part that one buffer shows.
   *
   * @param part index of the part
   * @param start first byte, at a page boundary
   * @param bytes length in whole pages; may reach behind the part's last byte, to the page's end
   */
  record Window(int part, long start, long bytes) {}

  /** A place inside a window: the window's index and the bytes in front of it. */
  record Place(int window, long offset) {}

  private final List<Window> windows = new ArrayList<>();
  private final int[] firstOfPart;
  private final long step;
  private final long largest;

  /**
   * Cuts the parts.
   *
   * @param partBytes how long each part is
   * @param page bytes of a page, a power of two
   * @param mostBytes the longest buffer that the device makes
   * @param largest bytes of the largest binding
   */
  WeightWindows(List<Long> partBytes, long page, long mostBytes, long largest) {
    long length = Math.min(mostBytes, OFFSETS - page) / page * page;
    this.largest = largest;
    this.step = (length - largest) / page * page;
    if (largest > length || step == 0) {
      throw new PlanException(
          "the largest weight tensor takes "
              + largest
              + " bytes, more than fit a buffer of this device ("
              + mostBytes
              + " bytes)");
    }
    firstOfPart = new int[partBytes.size()];
    for (int part = 0; part < firstOfPart.length; part++) {
      firstOfPart[part] = windows.size();
      cut(part, roundUp(partBytes.get(part), page), length);
    }
  }

  private void cut(int part, long bytes, long length) {
    long start = 0;
    while (bytes - start > length) {
      windows.add(new Window(part, start, length));
      start += step;
    }
    if (bytes > start) {
      windows.add(new Window(part, start, bytes - start));
    }
  }

  /** All windows, by part and start. */
  List<Window> windows() {
    return windows;
  }

  /** Where a binding lies that is no larger than the largest and inside its part. */
  Place place(int part, long offset, long bytes) {
    if (bytes > largest) {
      throw new IllegalArgumentException(bytes + " bytes are more than the largest binding");
    }
    int last = (part + 1 < firstOfPart.length ? firstOfPart[part + 1] : windows.size()) - 1;
    int window = (int) Math.min(firstOfPart[part] + offset / step, last);
    return new Place(window, offset - windows.get(window).start());
  }

  private static long roundUp(long bytes, long page) {
    return Math.multiplyExact(Math.ceilDivExact(bytes, page), page);
  }
}

package dev.diecast.capture.lower;

/** A byte range of a region: everything from the first to the last byte touched. */
record Span(Region region, long offset, long bytes) {
  /** Whether two ranges share a byte. */
  boolean overlaps(Span other) {
    return region.equals(other.region)
        && offset < other.offset + other.bytes
        && other.offset < offset + bytes;
  }

  /** Whether the range is all of a scratch region. */
  boolean coversScratch() {
    return region instanceof Region.Scratch scratch && offset == 0 && bytes == scratch.bytes();
  }
}

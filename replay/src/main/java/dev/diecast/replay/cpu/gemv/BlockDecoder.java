package dev.diecast.replay.cpu.gemv;

/** Turns weight blocks into floats. */
@FunctionalInterface
interface BlockDecoder {
  /**
   * Writes {@code count} float32 values.
   *
   * @param blocks address of the first block
   * @param count values, whole blocks
   * @param out address of the floats
   */
  void decode(long blocks, long count, long out);
}

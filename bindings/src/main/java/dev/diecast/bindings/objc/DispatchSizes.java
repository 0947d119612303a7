package dev.diecast.bindings.objc;

import dev.diecast.bindings.metal.abi.MTLSize;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The two {@code MTLSize} arguments of a dispatch: threadgroups of the grid and threads of a
 * threadgroup. Make one per dispatch when encoding is prepared; sending it then allocates nothing.
 * One thread at a time.
 */
public final class DispatchSizes {
  private final long[] extents;
  private final MemorySegment grid;
  private final MemorySegment threadgroup;

  /**
   * Sizes that live as long as the arena.
   *
   * @param gridX threadgroups along x, and so on for y and z
   * @param threadsX threads of a threadgroup along x, and so on for y and z
   */
  public DispatchSizes(
      Arena arena,
      long gridX,
      long gridY,
      long gridZ,
      long threadsX,
      long threadsY,
      long threadsZ) {
    this.extents = new long[] {gridX, gridY, gridZ, threadsX, threadsY, threadsZ};
    this.grid = MTLSize.allocate(arena);
    this.threadgroup = MTLSize.allocate(arena);
    write();
  }

  /** Threads of one threadgroup. */
  public long threadsPerThreadgroup() {
    return Math.multiplyExact(Math.multiplyExact(extents[3], extents[4]), extents[5]);
  }

  MemorySegment grid() {
    return grid;
  }

  MemorySegment threadgroup() {
    return threadgroup;
  }

  /**
   * Puts the extents into native memory again. On arm64 a struct of 24 bytes is passed as the
   * address of a copy that the callee may change, so that copy is made anew for each call.
   */
  void write() {
    write(grid, extents[0], extents[1], extents[2]);
    write(threadgroup, extents[3], extents[4], extents[5]);
  }

  private static void write(MemorySegment size, long width, long height, long depth) {
    MTLSize.width(size, width);
    MTLSize.height(size, height);
    MTLSize.depth(size, depth);
  }
}

package dev.diecast.replay.cpu;

/**
 * What one thread of the team owns.
 *
 * @param index 0 to team size - 1
 * @param scratch address of its scratch memory, 64-byte aligned, as large as the greediest kernel
 *     asked for
 */
public record Worker(int index, long scratch) {}

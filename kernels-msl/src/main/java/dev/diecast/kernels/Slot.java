package dev.diecast.kernels;

/**
 * One buffer argument of a kernel.
 *
 * @param index the buffer slot, 0 to 30; the highest free slot after these carries the argument
 *     struct
 * @param name the argument's name in the kernel source
 * @param access how the kernel touches it
 * @param optional whether a dispatch may leave the slot unbound
 */
public record Slot(int index, String name, Access access, boolean optional) {}

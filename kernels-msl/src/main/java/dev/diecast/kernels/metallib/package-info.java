/**
 * Kernel files compiled ahead of time by Apple's compiler, where it is installed: {@code .metallib}
 * files, good for every Metal GPU.
 */
package dev.diecast.kernels.metallib;

/** Kernel contracts. */
package dev.diecast.kernels;

/** The cpu device: a thread team that walks pre-bound kernels over mapped weights. */
package dev.diecast.replay.cpu;

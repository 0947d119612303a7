/** The kernels of the cpu device that read no quantised weights. */
package dev.diecast.replay.cpu.ops;

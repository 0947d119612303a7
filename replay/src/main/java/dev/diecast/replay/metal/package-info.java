/**
 * The metal device. {@link dev.diecast.replay.metal.MetalReplay} is a plan bound to a GPU: {@link
 * dev.diecast.replay.metal.GpuMemory} holds its bytes, {@link dev.diecast.replay.metal.Pipelines}
 * its kernels, and a {@link dev.diecast.replay.metal.CommandPath} brings a token's commands to the
 * GPU, in one of three ways. {@link dev.diecast.replay.metal.MetalFacts}, {@link
 * dev.diecast.replay.metal.DispatchTimes} and {@link dev.diecast.replay.metal.GpuTrace} are for
 * people who want to know what happens.
 */
package dev.diecast.replay.metal;

/**
 * Metal's compute side, one class per protocol, by Metal's own names.
 *
 * <p>Start at {@link dev.diecast.bindings.metal.Metal}, which loads the libraries and finds the
 * GPUs. An object is made by the {@code create} of its own class, given the {@link
 * dev.diecast.bindings.metal.MetalDevice}; descriptors are records of settings that exist as Metal
 * objects only while something is being made of them.
 *
 * <p>Two kinds of classes. What we own is a record that implements {@link
 * dev.diecast.bindings.objc.OwnedObject}: close it once. What lives for one token, such as {@link
 * dev.diecast.bindings.metal.CommandBuffer} and {@link
 * dev.diecast.bindings.metal.ComputeCommandEncoder}, is a plain {@code long} that belongs to the
 * autorelease pool, and its class has static methods that take it: encoding a token allocates
 * nothing in Java.
 *
 * <p>Names that end in 4 are those of Metal 4 (macOS 26). Ask {@link
 * dev.diecast.bindings.metal.MetalDevice} before using them, or residency sets (macOS 15). Lengths
 * and offsets are bytes, times are seconds of the GPU's clock; failures are {@link
 * dev.diecast.bindings.objc.MetalException}s with Metal's own text. Metal checks hardly any
 * argument: a wrong offset or a closed object is the caller's bug, and on a Mac the process may not
 * survive it.
 */
package dev.diecast.bindings.metal;

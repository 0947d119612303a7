package dev.diecast.kernels;

/** One field of an argument struct: its name in the kernel source and its type. */
public record ArgField(String name, ArgType type) {}

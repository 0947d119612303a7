package dev.diecast.kernels.msl;

import java.util.OptionalLong;

/**
 * Threadgroup memory that a kernel declares in its body.
 *
 * @param name of the variable
 * @param type with array lengths, such as {@code "float[32]"}
 * @param where it is declared
 * @param initialised whether it is given a value, which MSL does not allow
 * @param bytes its size; empty where the text does not say it in constants
 */
public record ThreadgroupVariable(
    String name, String type, SourceLine where, boolean initialised, OptionalLong bytes) {}

package dev.diecast.kernels.msl;

/**
 * A constant that is set when a pipeline is made.
 *
 * @param id its number in {@code [[function_constant(id)]]}
 * @param name in the text
 * @param type {@code bool}, {@code int}, {@code uint} and the like
 */
public record FunctionConstant(int id, String name, String type) {}

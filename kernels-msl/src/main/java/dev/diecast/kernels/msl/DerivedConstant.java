package dev.diecast.kernels.msl;

/**
 * A constant of program scope whose value follows from function constants.
 *
 * @param name in the text
 * @param type {@code bool}, {@code int}, {@code uint} and the like
 * @param expression its initialiser
 */
public record DerivedConstant(String name, String type, String expression) {}

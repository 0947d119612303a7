package dev.diecast.replay.cpu.gemv;

/**
 * Where the vectors of a product lie. Strides are in bytes; slot is the head or the chosen expert.
 *
 * @param bias one value per row, or 0
 * @param residual like y, or 0
 */
record Operands(
    long x,
    long xToken,
    long xSlot,
    long y,
    long yToken,
    long ySlot,
    long bias,
    long residual,
    long residualToken) {

  long x(int token, int slot) {
    return x + token * xToken + slot * xSlot;
  }

  long y(int token, int slot) {
    return y + token * yToken + slot * ySlot;
  }

  long residual(int token) {
    return residual == 0 ? 0 : residual + token * residualToken;
  }
}

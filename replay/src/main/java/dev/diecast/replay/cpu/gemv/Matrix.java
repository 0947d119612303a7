package dev.diecast.replay.cpu.gemv;

/**
 * Shape of a weight matrix.
 *
 * @param rows rows, or rows of one head or expert
 * @param cols values per row
 * @param rowBytes distance of the rows
 */
record Matrix(int rows, int cols, long rowBytes) {}

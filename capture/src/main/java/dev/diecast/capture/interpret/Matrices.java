package dev.diecast.capture.interpret;

import dev.diecast.capture.graph.Op;
import dev.diecast.plans.gguf.TensorInfo;

/** Products of weights and activations. */
final class Matrices {
  private final WeightRows weights;

  Matrices(WeightRows weights) {
    this.weights = weights;
  }

  /** The matrix times each row of x. */
  double[] linear(TensorInfo weight, double[] x, int rows, int out) {
    int in = x.length / rows;
    double[] y = new double[rows * out];
    for (int o = 0; o < out; o++) {
      double[] w = weights.row(weight, o);
      for (int r = 0; r < rows; r++) {
        y[r * out + o] = dot(w, x, r * in);
      }
    }
    return y;
  }

  /** Each head's matrix times its row of x, or its transpose times it. */
  double[] headLinear(Op.HeadLinear op, double[] x, int heads) {
    return op.transposed() ? headTransposed(op, x, heads) : headPlain(op, x, heads);
  }

  private double[] headPlain(Op.HeadLinear op, double[] x, int heads) {
    double[] y = new double[heads * op.rows()];
    for (int h = 0; h < heads; h++) {
      for (int r = 0; r < op.rows(); r++) {
        y[h * op.rows() + r] = dot(headRow(op, h, r), x, h * op.cols());
      }
    }
    return y;
  }

  private double[] headTransposed(Op.HeadLinear op, double[] x, int heads) {
    double[] y = new double[heads * op.cols()];
    for (int h = 0; h < heads; h++) {
      for (int r = 0; r < op.rows(); r++) {
        double[] w = headRow(op, h, r);
        double factor = x[h * op.rows() + r];
        for (int c = 0; c < op.cols(); c++) {
          y[h * op.cols() + c] += factor * w[c];
        }
      }
    }
    return y;
  }

  private double[] headRow(Op.HeadLinear op, int head, int row) {
    return weights.row(op.weight(), (long) head * op.rowsPerHead() + op.firstRow() + row);
  }

  /** The matrix of each chosen expert times x, or times the slot's row of x. */
  double[] expertLinear(Op.ExpertLinear op, double[] x, int xRows, double[] ids) {
    int in = x.length / xRows;
    long rowsPerExpert = op.weight().dim(1);
    double[] y = new double[ids.length * op.rows()];
    for (int slot = 0; slot < ids.length; slot++) {
      long expert = (long) ids[slot];
      long first = expert * rowsPerExpert + op.firstRow();
      int from = xRows == 1 ? 0 : slot * in;
      for (int r = 0; r < op.rows(); r++) {
        y[slot * op.rows() + r] = dot(weights.row(op.weight(), first + r), x, from);
      }
    }
    return y;
  }

  private static double dot(double[] w, double[] x, int from) {
    double sum = 0;
    for (int i = 0; i < w.length; i++) {
      sum += w[i] * x[from + i];
    }
    return sum;
  }
}

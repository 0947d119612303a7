package dev.diecast.tools.cases;

/** Results that are sums of products, with the size of what was summed. */
final class Products {
  private final double[] values;
  private final double[] squares;

  Products(int rows) {
    values = new double[rows];
    squares = new double[rows];
  }

  /** Rows of weights that start at a byte of a slot, times a vector. */
  static Products of(CaseData data, String slot, long offset, long rowBytes, int rows, double[] x) {
    var products = new Products(rows);
    for (int r = 0; r < rows; r++) {
      products.addDot(r, data.row(slot, offset + r * rowBytes, x.length), x);
    }
    return products;
  }

  /** Rows of weights summed with factors x: one result per column. */
  static Products transposed(
      CaseData data, String slot, long offset, long rowBytes, int cols, double[] x) {
    var products = new Products(cols);
    for (int r = 0; r < x.length; r++) {
      double[] row = data.row(slot, offset + r * rowBytes, cols);
      for (int c = 0; c < cols; c++) {
        products.add(c, row[c] * x[r]);
      }
    }
    return products;
  }

  void addDot(int at, double[] w, double[] x) {
    for (int i = 0; i < w.length; i++) {
      add(at, w[i] * x[i]);
    }
  }

  void add(int at, double term) {
    values[at] += term;
    squares[at] += term * term;
  }

  /** Adds a term to each result. */
  void add(double[] terms) {
    for (int i = 0; i < terms.length; i++) {
      add(i, terms[i]);
    }
  }

  /** Adds other sums, each times a factor. */
  void add(Products other, double factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] += factor * other.values[i];
      squares[i] += factor * factor * other.squares[i];
    }
  }

  /** silu(these) times the others. An error of either factor goes through the product's slope. */
  Products gate(Products up) {
    var gated = new Products(values.length);
    for (int i = 0; i < values.length; i++) {
      double sigmoid = 1 / (1 + Math.exp(-values[i]));
      double silu = values[i] * sigmoid;
      double slope = sigmoid + silu * (1 - sigmoid);
      gated.values[i] = silu * up.values[i];
      gated.squares[i] =
          squares[i] * slope * slope * up.values[i] * up.values[i] + up.squares[i] * silu * silu;
    }
    return gated;
  }

  double[] values() {
    return values.clone();
  }

  /** States them as a row of results. */
  void expect(Expected expected, String slot, long at) {
    double size = 0;
    for (double square : squares) {
      size += square;
    }
    expected.row(slot, at, values, Math.sqrt(size));
  }
}

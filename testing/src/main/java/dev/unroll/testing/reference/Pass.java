package dev.unroll.testing.reference;

/**
 * What the passes of all cells have in common: the products with W and R, the state before a step,
 * and the sums over time and batch that end a backward pass.
 *
 * @param <V> the kind of number
 */
abstract class Pass<V extends Real<V>> {

  final Arithmetic<V> by;
  final CellWeights<V> weights;
  final CellInputs<V> inputs;
  final int units;
  final int outputs;
  private final int rows;

  /** y, [T, N, P]. */
  final Tensor<V> y;

  Pass(ReferenceCell cell, Arithmetic<V> by, CellWeights<V> weights, CellInputs<V> inputs) {
    cell.check(weights, inputs);
    this.by = by;
    this.weights = weights;
    this.inputs = inputs;
    this.units = cell.hiddenSize();
    this.outputs = cell.outputSize();
    this.rows = cell.gates() * units;
    this.y = perStep(outputs);
  }

  /** Room for some numbers of each step and sequence, 0 wherever nothing is put. */
  final Tensor<V> perStep(int width) {
    return Tensor.zeros(by, inputs.steps(), inputs.batch(), width);
  }

  /** Room for a number of each row of W, of each step and sequence. */
  final Tensor<V> perRow() {
    return perStep(rows);
  }

  /** One number of the state before step t. */
  static <V extends Real<V>> V before(Tensor<V> initial, Tensor<V> all, int t, int n, int unit) {
    return t == 0 ? initial.at(n, unit) : all.at(t - 1, n, unit);
  }

  /** {@code b + W x_t} of one row. */
  final Sum<V> inputSum(int row, int t, int n) {
    Sum<V> sum = by.sum().add(weights.inputBias().at(row));
    for (int p = 0; p < inputs.x().size(2); p++) {
      sum.add(weights.w().at(row, p), inputs.x().at(t, n, p));
    }
    return sum;
  }

  /** Adds {@code R h_{t-1} + b} of one row. */
  final Sum<V> addRecurrent(Sum<V> sum, int row, int t, int n) {
    sum.add(weights.recurrentBias().at(row));
    for (int p = 0; p < outputs; p++) {
      sum.add(weights.r().at(row, p), before(inputs.h0(), y, t, n, p));
    }
    return sum;
  }

  /** The states after the last step of each sequence. */
  final Tensor<V> last(Tensor<V> initial, Tensor<V> all) {
    Tensor<V> last = initial.copy();
    for (int n = 0; n < inputs.batch(); n++) {
      for (int unit = 0; unit < initial.size(1); unit++) {
        last.set(before(initial, all, inputs.lengths()[n], n, unit), n, unit);
      }
    }
    return last;
  }

  /** Adds {@code R^T dz} of one output, over the rows from first up to end. */
  final Sum<V> addBack(Sum<V> sum, Tensor<V> dz, int first, int end, int t, int n, int p) {
    for (int row = first; row < end; row++) {
      sum.add(weights.r().at(row, p), dz.at(t, n, row));
    }
    return sum;
  }

  /** Adds {@code R^T dz} of one output, over all rows. */
  final Sum<V> addBack(Sum<V> sum, Tensor<V> dz, int t, int n, int p) {
    return addBack(sum, dz, 0, rows, t, n, p);
  }

  /** {@code dx = W^T dz}. */
  final Tensor<V> inputGradient(Tensor<V> dz) {
    Tensor<V> dx = perStep(inputs.x().size(2));
    for (int n = 0; n < inputs.batch(); n++) {
      for (int t = 0; t < inputs.lengths()[n]; t++) {
        for (int p = 0; p < dx.size(2); p++) {
          Sum<V> sum = by.sum();
          for (int row = 0; row < rows; row++) {
            sum.add(weights.w().at(row, p), dz.at(t, n, row));
          }
          dx.set(sum.total(), t, n, p);
        }
      }
    }
    return dx;
  }

  /** {@code sum over t and n of d[t, n, row]}. */
  final Tensor<V> biasGradient(Tensor<V> d) {
    Tensor<V> db = Tensor.zeros(by, d.size(2));
    for (int row = 0; row < db.length(); row++) {
      Sum<V> sum = by.sum();
      for (int n = 0; n < inputs.batch(); n++) {
        for (int t = 0; t < inputs.lengths()[n]; t++) {
          sum.add(d.at(t, n, row));
        }
      }
      db.set(sum.total(), row);
    }
    return db;
  }

  /** {@code sum over t and n of d[t, n, row] s[t, n, column]}: what a matrix had a part in. */
  final Tensor<V> matrixGradient(Tensor<V> d, Tensor<V> s) {
    Tensor<V> gradient = Tensor.zeros(by, d.size(2), s.size(2));
    setMatrixGradient(gradient, d, s, 0, d.size(2));
    return gradient;
  }

  /** The same for the rows from first up to end alone. */
  final void setMatrixGradient(Tensor<V> gradient, Tensor<V> d, Tensor<V> s, int first, int end) {
    for (int row = first; row < end; row++) {
      for (int column = 0; column < s.size(2); column++) {
        Sum<V> sum = by.sum();
        for (int n = 0; n < inputs.batch(); n++) {
          for (int t = 0; t < inputs.lengths()[n]; t++) {
            sum.add(d.at(t, n, row), s.at(t, n, column));
          }
        }
        gradient.set(sum.total(), row, column);
      }
    }
  }

  /** {@code sum over t and n of d[t, n, row] s[t, n, row]}, into one row of a gradient. */
  final void setDiagonalGradient(
      Tensor<V> gradient, int into, Tensor<V> d, int first, Tensor<V> s) {
    for (int unit = 0; unit < units; unit++) {
      Sum<V> sum = by.sum();
      for (int n = 0; n < inputs.batch(); n++) {
        for (int t = 0; t < inputs.lengths()[n]; t++) {
          sum.add(d.at(t, n, first + unit), s.at(t, n, unit));
        }
      }
      gradient.set(sum.total(), into, unit);
    }
  }

  /** The states before each step: what R was multiplied with. */
  final Tensor<V> allBefore(Tensor<V> initial, Tensor<V> all) {
    Tensor<V> shifted = perStep(all.size(2));
    for (int n = 0; n < inputs.batch(); n++) {
      for (int t = 0; t < inputs.lengths()[n]; t++) {
        for (int unit = 0; unit < all.size(2); unit++) {
          shifted.set(before(initial, all, t, n, unit), t, n, unit);
        }
      }
    }
    return shifted;
  }
}

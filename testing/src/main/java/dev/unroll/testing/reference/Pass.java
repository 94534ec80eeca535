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

  /** What W is multiplied with: x, or what its mask leaves, [T, N, I]. */
  private final Tensor<V> read;

  Pass(ReferenceCell cell, Arithmetic<V> by, CellWeights<V> weights, CellInputs<V> inputs) {
    cell.check(weights, inputs);
    this.by = by;
    this.weights = weights;
    this.inputs = inputs;
    this.units = cell.hiddenSize();
    this.outputs = cell.outputSize();
    this.rows = cell.gates() * units;
    this.y = perStep(outputs);
    this.read = inputs.masks().input().isEmpty() ? inputs.x() : maskedInputs();
  }

  private Tensor<V> maskedInputs() {
    Tensor<V> masked = perStep(inputs.x().size(2));
    for (int n = 0; n < inputs.batch(); n++) {
      for (int t = 0; t < inputs.lengths()[n]; t++) {
        for (int p = 0; p < masked.size(2); p++) {
          V mask = by.of(inputs.masks().input().at(n, p).value());
          masked.set(inputs.x().at(t, n, p).times(mask), t, n, p);
        }
      }
    }
    return masked;
  }

  /** What W is multiplied with, [T, N, I]. */
  final Tensor<V> read() {
    return read;
  }

  /** What R sees of a number of the state. */
  final V seen(V state, int n, int p) {
    Tensor<Plain> mask = inputs.masks().recurrent();
    return mask.isEmpty() ? state : state.times(by.of(mask.at(n, p).value()));
  }

  /** Adds what goes back to a number of the state through the mask that R sees it through. */
  final Sum<V> addSeen(Sum<V> sum, V gradient, int n, int p) {
    return sum.add(seen(gradient, n, p));
  }

  /** A number after a step, from those before and of the cell's formulas. */
  final V zoned(Tensor<Plain> zoneout, V before, V value, int t, int n, int unit) {
    double kept = zoneout.isEmpty() ? 0 : zoneout.at(t, n, unit).value();
    // A mask picks one of them: nothing is rounded.
    return kept == 0 ? value : kept == 1 ? before : by.of(kept).mix(before, value);
  }

  /** What the formulas get of a gradient after a step. */
  final V zonedGradient(Tensor<Plain> zoneout, V gradient, int t, int n, int unit) {
    double kept = zoneout.isEmpty() ? 0 : zoneout.at(t, n, unit).value();
    return kept == 0 ? gradient : kept == 1 ? by.of(0) : gradient.times(by.of(kept).oneMinus());
  }

  /** Adds what the number before a step gets of the gradient after it past the formulas. */
  final Sum<V> addKept(
      Sum<V> sum, Tensor<Plain> zoneout, Tensor<V> gradient, int t, int n, int unit) {
    return zoneout.isEmpty()
        ? sum
        : sum.add(by.of(zoneout.at(t, n, unit).value()), gradient.at(t, n, unit));
  }

  /** d of the state. */
  final Tensor<Plain> hidden() {
    return inputs.masks().hidden();
  }

  /** d of the cell. */
  final Tensor<Plain> cell() {
    return inputs.masks().cell();
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
      sum.add(weights.w().at(row, p), read.at(t, n, p));
    }
    return sum;
  }

  /** Adds {@code R h_{t-1} + b} of one row. */
  final Sum<V> addRecurrent(Sum<V> sum, int row, int t, int n) {
    sum.add(weights.recurrentBias().at(row));
    for (int p = 0; p < outputs; p++) {
      sum.add(weights.r().at(row, p), seen(before(inputs.h0(), y, t, n, p), n, p));
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

  /** Adds {@code R^T dz} of one output, over all rows, through the mask of the state. */
  final Sum<V> addBack(Sum<V> sum, Tensor<V> dz, int t, int n, int p) {
    if (inputs.masks().recurrent().isEmpty()) {
      return addBack(sum, dz, 0, rows, t, n, p);
    }
    return addSeen(sum, addBack(by.sum(), dz, 0, rows, t, n, p).total(), n, p);
  }

  /** {@code dx = W^T dz}, through the mask of x. */
  final Tensor<V> inputGradient(Tensor<V> dz) {
    Tensor<V> dx = perStep(inputs.x().size(2));
    for (int n = 0; n < inputs.batch(); n++) {
      for (int t = 0; t < inputs.lengths()[n]; t++) {
        for (int p = 0; p < dx.size(2); p++) {
          Sum<V> sum = by.sum();
          for (int row = 0; row < rows; row++) {
            sum.add(weights.w().at(row, p), dz.at(t, n, row));
          }
          Tensor<Plain> mask = inputs.masks().input();
          V total = sum.total();
          dx.set(mask.isEmpty() ? total : total.times(by.of(mask.at(n, p).value())), t, n, p);
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

  /** What R was multiplied with: the states before each step, through their mask. */
  final Tensor<V> allSeen() {
    Tensor<V> seen = allBefore(inputs.h0(), y);
    for (int n = 0; n < inputs.batch(); n++) {
      for (int t = 0; t < inputs.lengths()[n]; t++) {
        for (int p = 0; p < outputs; p++) {
          seen.set(seen(seen.at(t, n, p), n, p), t, n, p);
        }
      }
    }
    return seen;
  }

  /** The states before each step. */
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

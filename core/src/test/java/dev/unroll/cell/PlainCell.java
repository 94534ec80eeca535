package dev.unroll.cell;

import dev.unroll.cell.CellSpec.Bias;
import dev.unroll.cell.CellSpec.Kind;
import dev.unroll.internal.scalar.ScalarActivations;
import dev.unroll.testing.reference.FmaChain;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the bits have to be: one unit of one row at a time, each sum one chain of fma that starts
 * from the bias and takes x, then h, both in ascending order.
 *
 * <p>All values are kept, step after step and row after row, for {@link PlainGradients}.
 */
final class PlainCell {

  final CellCase q;
  final CellSpec spec;
  final int units;
  final int inputs;
  final int outputs;
  final WeightSet weights;

  /** The masks of training; null when serving. */
  final @Nullable PlainMasks masks;

  /** What W reads: the inputs, or those that variational dropout leaves. */
  final float[] x;

  /** h before each step and after the last, [T + 1][N][P]. */
  final float[] h;

  /** f(h) in the pre-activation form, else h. */
  final float[] entered;

  /** The same as the product with R reads it: what variational dropout leaves of it. */
  final float[] read;

  /** c likewise, [T + 1][N][H]. */
  final float[] c;

  /** The cells of each step before zoneout, [T][N][H]. */
  final float[] newC;

  /** The gates after their functions, in the order of the weights, each [T][N][H]. */
  final float[][] gates;

  final float[] tanhC;

  /** What a projection projects. */
  final float[] m;

  /** R_n h + bR_n of a GRU that resets after the product. */
  final float[] nh;

  /** r h of a GRU that resets before it. */
  final float[] rh;

  private PlainCell(CellCase q, @Nullable PlainMasks masks) {
    this.q = q;
    this.masks = masks;
    spec = q.spec();
    units = spec.hiddenSize();
    inputs = spec.inputSize();
    outputs = spec.outputSize();
    weights = q.weights();
    x = q.x();
    h = Arrays.copyOf(q.h0(), (q.steps() + 1) * q.batch() * outputs);
    entered = new float[h.length];
    read = new float[h.length];
    c = Arrays.copyOf(q.c0(), (q.steps() + 1) * q.batch() * units);
    int all = q.rows() * units;
    gates = new float[spec.gates()][all];
    newC = new float[all];
    tanhC = new float[all];
    m = new float[all];
    nh = new float[all];
    rh = new float[all];
  }

  /** Serving. */
  static PlainCell forward(CellCase q) {
    return forward(q, null);
  }

  static PlainCell forward(CellCase q, @Nullable PlainMasks masks) {
    PlainCell cell = new PlainCell(q, masks);
    for (int i = 0; masks != null && q.spec().inputDropout() > 0 && i < cell.x.length; i++) {
      cell.x[i] *= masks.input(i / cell.inputs % q.batch(), i % cell.inputs);
    }
    for (int row = 0; row < q.rows() + q.batch(); row++) {
      cell.enter(row);
      if (row < q.rows()) {
        switch (cell.spec.kind()) {
          case ELMAN -> cell.elman(row);
          case LSTM -> cell.lstm(row);
          case GRU -> cell.gru(row);
        }
        cell.zoneHidden(row);
      }
    }
    return cell;
  }

  CellRun run() {
    int first = q.batch() * outputs;
    int last = q.rows() * outputs;
    boolean cells = spec.hasCell();
    return new CellRun(
        Arrays.copyOfRange(h, first, first + last),
        Arrays.copyOfRange(h, last, last + first),
        cells
            ? Arrays.copyOfRange(c, q.rows() * units, (q.rows() + q.batch()) * units)
            : new float[0]);
  }

  private boolean pre() {
    return spec.kind() == Kind.ELMAN && spec.form() == CellSpec.Form.PRE_ACTIVATION;
  }

  /** The states before a step: row {@code row} of h belongs to row {@code row} of x. */
  private void enter(int row) {
    for (int j = row * outputs; j < (row + 1) * outputs; j++) {
      entered[j] = pre() ? activation(h[j]) : h[j];
      read[j] = entered[j];
      if (masks != null && spec.recurrentDropout() > 0) {
        read[j] *= masks.recurrent(row % q.batch(), j % outputs);
      }
    }
  }

  private void zoneHidden(int row) {
    float rate = spec.hiddenZoneout();
    for (int j = 0; rate > 0 && j < outputs; j++) {
      int before = row * outputs + j;
      int after = before + q.batch() * outputs;
      if (masks == null) {
        h[after] = Math.fma(rate, h[before], (1 - rate) * h[after]);
      } else if (masks.keepsHidden(row % q.batch(), row / q.batch(), j)) {
        h[after] = h[before];
      }
    }
  }

  /** The cell after a step, from those before and of the formulas. */
  private float zoned(int row, int unit, float before, float cell) {
    float rate = spec.cellZoneout();
    if (rate == 0) {
      return cell;
    }
    if (masks == null) {
      return Math.fma(rate, before, (1 - rate) * cell);
    }
    return masks.keepsCell(row % q.batch(), row / q.batch(), unit) ? before : cell;
  }

  private float activation(float z) {
    return switch (spec.activation()) {
      case TANH -> ScalarActivations.tanh(z);
      case SIGMOID -> ScalarActivations.sigmoid(z);
      case RELU -> ScalarActivations.relu(z);
      case IDENTITY -> z;
    };
  }

  /** Which block of the weights a gate has. */
  int gate(char letter) {
    return switch (spec.kind()) {
      case ELMAN -> 0;
      case LSTM -> (spec.coupledGates() ? "igo" : "ifgo").indexOf(letter);
      case GRU -> "rzn".indexOf(letter);
    };
  }

  boolean resetsAfter() {
    return spec.kind() == Kind.GRU && spec.reset() == CellSpec.Reset.AFTER;
  }

  /** Two biases are added and rounded once; those of a candidate that is reset stay apart. */
  private float bias(int gate, int unit) {
    float @Nullable [] first = weights.inputBias();
    float @Nullable [] second = weights.recurrentBias();
    int at = gate * units + unit;
    if (first == null) {
      return 0;
    }
    boolean apart = resetsAfter() && gate == gate('n');
    return second == null || apart ? first[at] : first[at] + second[at];
  }

  private float input(int gate, int unit, int row) {
    int w = (gate * units + unit) * inputs;
    float[] all = weights.inputWeights();
    return FmaChain.dot(bias(gate, unit), x, row * inputs, 1, all, w, 1, inputs);
  }

  private float recurrent(float start, int gate, int unit, float[] states, int state) {
    int r = (gate * units + unit) * outputs;
    return FmaChain.dot(start, states, state, 1, weights.recurrentWeights(), r, 1, outputs);
  }

  private float sum(char letter, int unit, int row) {
    int gate = gate(letter);
    return recurrent(input(gate, unit, row), gate, unit, read, row * outputs);
  }

  private void elman(int row) {
    for (int unit = 0; unit < units; unit++) {
      float z = sum('h', unit, row);
      float state = pre() ? z : activation(z);
      gates[0][row * units + unit] = state;
      h[(row + q.batch()) * units + unit] = state;
    }
  }

  private void lstm(int row) {
    float @Nullable [] p = weights.peepholes();
    boolean coupled = spec.coupledGates();
    int next = (row + q.batch()) * units;
    for (int unit = 0; unit < units; unit++) {
      int at = row * units + unit;
      float zi = sum('i', unit, row);
      float zo = sum('o', unit, row);
      float g = ScalarActivations.tanh(sum('g', unit, row));
      float before = c[at];
      float i = ScalarActivations.sigmoid(p == null ? zi : Math.fma(p[unit], before, zi));
      float keep = 1 - i;
      if (!coupled) {
        float zf = sum('f', unit, row);
        keep = ScalarActivations.sigmoid(p == null ? zf : Math.fma(p[units + unit], before, zf));
        gates[gate('f')][at] = keep;
      }
      float cell = Math.fma(keep, before, i * g);
      float limit = spec.cellClip();
      cell = cell > limit ? limit : cell < -limit ? -limit : cell;
      int output = (coupled ? 1 : 2) * units + unit;
      float o = ScalarActivations.sigmoid(p == null ? zo : Math.fma(p[output], cell, zo));
      gates[gate('i')][at] = i;
      gates[gate('g')][at] = g;
      gates[gate('o')][at] = o;
      newC[at] = cell;
      c[next + unit] = zoned(row, unit, before, cell);
      tanhC[at] = ScalarActivations.tanh(cell);
      m[at] = o * tanhC[at];
    }
    float @Nullable [] projection = weights.projection();
    for (int j = 0; j < outputs; j++) {
      h[(row + q.batch()) * outputs + j] =
          projection == null
              ? m[row * units + j]
              : FmaChain.dot(0, m, row * units, 1, projection, j * units, 1, units);
    }
  }

  private void gru(int row) {
    int first = row * units;
    for (int unit = 0; unit < units; unit++) {
      gates[gate('r')][first + unit] = ScalarActivations.sigmoid(sum('r', unit, row));
      gates[gate('z')][first + unit] = ScalarActivations.sigmoid(sum('z', unit, row));
      rh[first + unit] = gates[gate('r')][first + unit] * read[first + unit];
    }
    int candidate = gate('n');
    float @Nullable [] second = spec.bias() == Bias.DOUBLE ? weights.recurrentBias() : null;
    for (int unit = 0; unit < units; unit++) {
      int at = first + unit;
      float sum = input(candidate, unit, row);
      if (resetsAfter()) {
        float start = second == null ? 0 : second[candidate * units + unit];
        nh[at] = recurrent(start, candidate, unit, read, first);
        sum = Math.fma(gates[gate('r')][at], nh[at], sum);
      } else {
        sum = recurrent(sum, candidate, unit, rh, first);
      }
      float n = ScalarActivations.tanh(sum);
      gates[candidate][at] = n;
      h[(row + q.batch()) * units + unit] = Math.fma(gates[gate('z')][at], h[at] - n, n);
    }
  }
}

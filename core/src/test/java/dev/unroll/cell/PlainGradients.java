package dev.unroll.cell;

import static dev.unroll.internal.scalar.ScalarActivations.sigmoidGradFromOutput;
import static dev.unroll.internal.scalar.ScalarActivations.tanhGradFromOutput;

import org.jspecify.annotations.Nullable;

/**
 * What the bits of the gradients have to be, one unit of one row at a time: dh before a step is one
 * chain (dy of the step before, what passes the gates of a GRU, then R^T dz, gate after gate), and
 * an element of a weight's gradient is one chain over all rows of all steps, the last row of the
 * last step first.
 */
final class PlainGradients {

  private final PlainCell cell;
  private final CellSpec spec;
  private final int units;
  private final int outputs;
  private final int batch;

  /** Of the sums of each gate, [T][N][H]. */
  private final float[][] dz;

  /** Of the part of a candidate that is reset. */
  private final float[] dnh;

  /** dh of each step, complete, [T][N][P]. */
  private final float[] complete;

  private final float[] dh;
  private final float[] dc;
  private final float[] dx;
  private final WeightSet gradients;

  private PlainGradients(PlainCell cell, float[] dh, float[] dc, WeightSet gradients) {
    this.cell = cell;
    spec = cell.spec;
    units = cell.units;
    outputs = cell.outputs;
    batch = cell.q.batch();
    int rows = cell.q.rows();
    dz = new float[spec.gates()][rows * units];
    dnh = new float[rows * units];
    complete = new float[rows * outputs];
    dx = new float[rows * cell.inputs];
    this.dh = dh;
    this.dc = dc;
    this.gradients = gradients;
  }

  /**
   * The whole way back.
   *
   * @param dy null for none
   * @param window steps between two that hand no gradient back; 0 for none
   * @param gradients added to
   */
  static CellGradients backward(
      PlainCell cell,
      float @Nullable [] dy,
      float[] dh,
      float[] dc,
      int window,
      WeightSet gradients) {
    PlainGradients way = new PlainGradients(cell, dh.clone(), dc.clone(), gradients);
    int steps = cell.q.steps();
    for (int row = cell.q.rows() - 1; row >= 0; row--) {
      int t = row / way.batch;
      way.step(row, t == steps - 1, dy, t > 0 && window > 0 && t % window == 0);
    }
    way.weights();
    return new CellGradients(way.dx, way.dh, way.dc, gradients);
  }

  private void step(int row, boolean last, float @Nullable [] dy, boolean cut) {
    int state = row % batch * outputs;
    float[] before = new float[outputs];
    for (int j = 0; j < outputs; j++) {
      float d = dh[state + j];
      complete[row * outputs + j] = last && dy != null ? dy[row * outputs + j] + d : d;
      before[j] = dy != null && row >= batch ? dy[(row - batch) * outputs + j] : 0;
    }
    float[] cutBefore = before.clone();
    passZonedOut(row, before);
    // Through a mask of h the chains are ones of their own.
    float[] back = masked() ? new float[outputs] : before;
    switch (spec.kind()) {
      case ELMAN -> elman(row, before, back);
      case LSTM -> lstm(row, back);
      case GRU -> gru(row, before, back);
    }
    for (int j = 0; masked() && !pre() && j < outputs; j++) {
      before[j] = Math.fma(mask(row, j), back[j], before[j]);
    }
    System.arraycopy(cut ? cutBefore : before, 0, dh, state, outputs);
    if (cut && spec.hasCell()) {
      java.util.Arrays.fill(dc, row % batch * units, (row % batch + 1) * units, 0f);
    }
    inputs(row);
  }

  private boolean masked() {
    return cell.masks != null && spec.recurrentDropout() > 0;
  }

  private float mask(int row, int j) {
    return cell.masks == null ? 1 : cell.masks.recurrent(row % batch, j);
  }

  private boolean pre() {
    return spec.form() == CellSpec.Form.PRE_ACTIVATION;
  }

  /** What zoneout kept has its gradient from the step before, not from this one. */
  private void passZonedOut(int row, float[] before) {
    for (int j = 0; cell.masks != null && j < outputs; j++) {
      if (cell.masks.keepsHidden(row % batch, row / batch, j)) {
        before[j] += complete[row * outputs + j];
        complete[row * outputs + j] = 0;
      }
    }
  }

  /** {@code before = before + R_gate^T d}, the chains going on. */
  private void recurrent(char letter, float[] d, int row, float[] before) {
    float[] r = cell.weights.recurrentWeights();
    for (int j = 0; j < outputs; j++) {
      for (int unit = 0; unit < units; unit++) {
        int at = (cell.gate(letter) * units + unit) * outputs + j;
        before[j] = Math.fma(d[row * units + unit], r[at], before[j]);
      }
    }
  }

  private void inputs(int row) {
    float[] w = cell.weights.inputWeights();
    for (int i = 0; i < cell.inputs; i++) {
      float d = 0;
      for (int gate = 0; gate < dz.length; gate++) {
        for (int unit = 0; unit < units; unit++) {
          d = Math.fma(dz[gate][row * units + unit], w[(gate * units + unit) * cell.inputs + i], d);
        }
      }
      PlainMasks masks = cell.masks;
      dx[row * cell.inputs + i] =
          masks != null && spec.inputDropout() > 0 ? d * masks.input(row % batch, i) : d;
    }
  }

  private float throughActivation(float d, float value) {
    return switch (spec.activation()) {
      case TANH -> d * tanhGradFromOutput(value);
      case SIGMOID -> d * sigmoidGradFromOutput(value);
      case RELU -> value <= 0 ? 0 : d;
      case IDENTITY -> d;
    };
  }

  private void elman(int row, float[] before, float[] chain) {
    boolean pre = pre();
    for (int at = row * units; at < (row + 1) * units; at++) {
      dz[0][at] = pre ? complete[at] : throughActivation(complete[at], cell.gates[0][at]);
    }
    if (pre) {
      float[] back = new float[units];
      recurrent('h', dz[0], row, back);
      for (int j = 0; j < units; j++) {
        float d = masked() ? back[j] * mask(row, j) : back[j];
        before[j] += throughActivation(d, cell.entered[row * units + j]);
      }
    } else {
      recurrent('h', dz[0], row, chain);
    }
  }

  private void lstm(int row, float[] chain) {
    float @Nullable [] p = cell.weights.peepholes();
    boolean coupled = spec.coupledGates();
    for (int unit = 0; unit < units; unit++) {
      int at = row * units + unit;
      int state = row % batch * units + unit;
      float i = cell.gates[cell.gate('i')][at];
      float g = cell.gates[cell.gate('g')][at];
      float o = cell.gates[cell.gate('o')][at];
      float t = cell.tanhC[at];
      float dm = outputGradient(row, unit);
      PlainMasks masks = cell.masks;
      boolean zoned = masks != null && spec.cellZoneout() > 0;
      boolean kept = masks != null && masks.keepsCell(row % batch, row / batch, unit);
      float passed = kept ? 0 + dc[state] : 0;
      float d = Math.fma(dm * o, tanhGradFromOutput(t), kept ? 0 : dc[state]);
      float dzo = (dm * t) * sigmoidGradFromOutput(o);
      if (p != null) {
        d = Math.fma(dzo, p[(coupled ? 1 : 2) * units + unit], d);
      }
      if (spec.cellClip() != Float.POSITIVE_INFINITY
          && Math.abs(cell.newC[at]) >= spec.cellClip()) {
        d = 0;
      }
      float previous = cell.c[at];
      float seen = coupled ? g - previous : g;
      float dzi = (d * seen) * sigmoidGradFromOutput(i);
      dz[cell.gate('i')][at] = dzi;
      dz[cell.gate('g')][at] = (d * i) * tanhGradFromOutput(g);
      dz[cell.gate('o')][at] = dzo;
      float keep = coupled ? 1 - i : cell.gates[cell.gate('f')][at];
      float back = d * keep;
      if (p != null) {
        back = Math.fma(dzi, p[unit], back);
      }
      if (!coupled) {
        float dzf = (d * previous) * sigmoidGradFromOutput(keep);
        dz[cell.gate('f')][at] = dzf;
        back = p == null ? back : Math.fma(dzf, p[units + unit], back);
      }
      dc[state] = zoned ? back + passed : back;
    }
    for (char letter : (coupled ? "igo" : "ifgo").toCharArray()) {
      recurrent(letter, dz[cell.gate(letter)], row, chain);
    }
  }

  /** dh, or what a projection hands back of it. */
  private float outputGradient(int row, int unit) {
    float @Nullable [] projection = cell.weights.projection();
    if (projection == null) {
      return complete[row * units + unit];
    }
    float d = 0;
    for (int j = 0; j < outputs; j++) {
      d = Math.fma(complete[row * outputs + j], projection[j * units + unit], d);
    }
    return d;
  }

  private void gru(int row, float[] before, float[] chain) {
    float[] dr = dz[cell.gate('r')];
    float[] dUpdate = dz[cell.gate('z')];
    float[] dn = dz[cell.gate('n')];
    for (int unit = 0; unit < units; unit++) {
      int at = row * units + unit;
      float z = cell.gates[cell.gate('z')][at];
      float n = cell.gates[cell.gate('n')][at];
      float d = complete[at];
      before[unit] = Math.fma(d, z, before[unit]);
      dn[at] = (d * (1 - z)) * tanhGradFromOutput(n);
      dUpdate[at] = (d * (cell.h[at] - n)) * sigmoidGradFromOutput(z);
    }
    float[] drh = new float[units];
    if (!cell.resetsAfter()) {
      recurrent('n', dn, row, drh);
    }
    for (int unit = 0; unit < units; unit++) {
      int at = row * units + unit;
      float r = cell.gates[cell.gate('r')][at];
      if (cell.resetsAfter()) {
        dr[at] = (dn[at] * cell.nh[at]) * sigmoidGradFromOutput(r);
        dnh[at] = dn[at] * r;
      } else {
        chain[unit] = Math.fma(drh[unit], r, chain[unit]);
        dr[at] = (drh[unit] * cell.read[at]) * sigmoidGradFromOutput(r);
      }
    }
    if (cell.resetsAfter()) {
      recurrent('n', dnh, row, chain);
    }
    recurrent('r', dr, row, chain);
    recurrent('z', dUpdate, row, chain);
  }

  private void weights() {
    float @Nullable [] b = gradients.inputBias();
    float @Nullable [] b2 = gradients.recurrentBias();
    for (int gate = 0; gate < dz.length; gate++) {
      boolean candidate = spec.kind() == CellSpec.Kind.GRU && gate == cell.gate('n');
      float[] states = candidate && !cell.resetsAfter() ? cell.rh : cell.read;
      float[] dRecurrent = candidate && cell.resetsAfter() ? dnh : dz[gate];
      int from = gate * units;
      outer(dz[gate], units, cell.x, cell.inputs, gradients.inputWeights(), from);
      outer(dRecurrent, units, states, outputs, gradients.recurrentWeights(), from);
      sums(dz[gate], b, from);
      sums(dRecurrent, b2, from);
    }
    float @Nullable [] projection = gradients.projection();
    if (projection != null) {
      outer(complete, outputs, cell.m, units, projection, 0);
    }
    float @Nullable [] p = gradients.peepholes();
    if (p != null) {
      int to = 0;
      dots(dz[cell.gate('i')], cell.c, p, to);
      if (!spec.coupledGates()) {
        to += units;
        dots(dz[cell.gate('f')], cell.c, p, to);
      }
      dots(dz[cell.gate('o')], cell.newC, p, to + units);
    }
  }

  /** {@code to[from + m][n]} gets its chain over all rows of d and v. */
  private void outer(float[] d, int ms, float[] v, int ns, float[] to, int from) {
    for (int m = 0; m < ms; m++) {
      for (int n = 0; n < ns; n++) {
        float acc = to[(from + m) * ns + n];
        for (int row = cell.q.rows() - 1; row >= 0; row--) {
          acc = Math.fma(d[row * ms + m], v[row * ns + n], acc);
        }
        to[(from + m) * ns + n] = acc;
      }
    }
  }

  private void sums(float[] d, float @Nullable [] to, int from) {
    for (int unit = 0; to != null && unit < units; unit++) {
      for (int row = cell.q.rows() - 1; row >= 0; row--) {
        to[from + unit] += d[row * units + unit];
      }
    }
  }

  /** Of peepholes: with the cells that they saw. */
  private void dots(float[] d, float[] seen, float[] to, int from) {
    for (int unit = 0; unit < units; unit++) {
      for (int row = cell.q.rows() - 1; row >= 0; row--) {
        int at = row * units + unit;
        to[from + unit] = Math.fma(d[at], seen[at], to[from + unit]);
      }
    }
  }
}

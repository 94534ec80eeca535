package dev.unroll.testing.reference;

import static dev.unroll.testing.reference.Pass.before;

/**
 * LSTM, PyTorch's dialect, with all that {@link LstmOptions} adds in brackets.
 *
 * <pre>
 *   i = sigmoid(W_i x_t + b_i + R_i h_{t-1} + b'_i [+ p_i c_{t-1}])
 *   f = sigmoid(W_f x_t + b_f + R_f h_{t-1} + b'_f [+ p_f c_{t-1}])     coupled: f = 1 - i
 *   g = tanh   (W_g x_t + b_g + R_g h_{t-1} + b'_g)
 *   s = f c_{t-1} + i g
 *   c_t = s                                                             clip: within [-clip, clip]
 *   o = sigmoid(W_o x_t + b_o + R_o h_{t-1} + b'_o [+ p_o c_t])
 *   m = o tanh(c_t)
 *   h_t = m                                                             projection: h_t = P m
 *
 *   backward, a being the argument of a gate's function:
 *   dh = dy_t + R^T da_{t+1}                                            dm = dh, or P^T dh
 *   do = tanh(c_t) dm    da_o = o (1 - o) do
 *   dc = o (1 - tanh(c_t)^2) dm [+ p_o da_o] + f_{t+1} ds_{t+1} [+ p_i da_i + p_f da_f of t + 1]
 *   ds = dc                                                             clip: 0 unless |s| &lt; clip
 *   di = g ds            da_i = i (1 - i) di                            coupled: di = (g - c_{t-1}) ds
 *   df = c_{t-1} ds      da_f = f (1 - f) df
 *   dg = i ds            da_g = (1 - g^2) dg
 *   dW = sum da_t x_t^T    dR = sum da_t h_{t-1}^T    db = db' = sum da_t    dx_t = W^T da_t
 *   dP = sum dh_t m_t^T    dp_i = sum da_i c_{t-1}    dp_f = sum da_f c_{t-1}    dp_o = sum da_o c_t
 * </pre>
 *
 * <p>Gates in the order i, f, g, o; peepholes i, f, o. Coupled gates have no block for f: i, g, o
 * and i, o.
 *
 * @param inputSize I
 * @param hiddenSize H
 * @param options what the cell has beyond the plain one
 */
public record ReferenceLstm(int inputSize, int hiddenSize, LstmOptions options)
    implements ReferenceCell {

  /** The plain cell. */
  public ReferenceLstm(int inputSize, int hiddenSize) {
    this(inputSize, hiddenSize, LstmOptions.PLAIN);
  }

  @Override
  public int outputSize() {
    return isProjected() ? options.projection() : hiddenSize;
  }

  @Override
  public int gates() {
    return options.coupled() ? 3 : 4;
  }

  @Override
  public int peepholes() {
    return options.peepholes() ? gates() - 1 : 0;
  }

  @Override
  public boolean isProjected() {
    return options.projection() > 0;
  }

  @Override
  public boolean hasCellState() {
    return true;
  }

  @Override
  public <V extends Real<V>> CellOutputs<V> forward(
      Arithmetic<V> by, CellWeights<V> weights, CellInputs<V> inputs) {
    return new LstmPass<>(by, weights, inputs).forward();
  }

  @Override
  public <V extends Real<V>> CellGradients<V> backward(
      Arithmetic<V> by,
      CellWeights<V> weights,
      CellInputs<V> inputs,
      CellOutputs<V> outputGradient) {
    LstmPass<V> pass = new LstmPass<>(by, weights, inputs);
    check(inputs, outputGradient);
    pass.forward();
    return pass.backward(outputGradient);
  }

  private final class LstmPass<V extends Real<V>> extends Pass<V> {

    private final boolean coupled = options.coupled();

    /** Where the rows of each gate begin; there are none of f when it is coupled. */
    private final int rowsI = 0;

    private final int rowsF = units;
    private final int rowsG = coupled ? units : 2 * units;
    private final int rowsO = rowsG + units;

    private final Tensor<V> i = perStep(units);
    private final Tensor<V> f = perStep(units);
    private final Tensor<V> g = perStep(units);
    private final Tensor<V> o = perStep(units);
    private final Tensor<V> s = perStep(units);

    /** The cell before zoneout, and after. */
    private final Tensor<V> fresh = perStep(units);

    private final Tensor<V> c = perStep(units);
    private final Tensor<V> tanhC = perStep(units);
    private final Tensor<V> m = perStep(units);

    LstmPass(Arithmetic<V> by, CellWeights<V> weights, CellInputs<V> inputs) {
      super(ReferenceLstm.this, by, weights, inputs);
    }

    CellOutputs<V> forward() {
      for (int n = 0; n < inputs.batch(); n++) {
        for (int t = 0; t < inputs.lengths()[n]; t++) {
          for (int unit = 0; unit < units; unit++) {
            forward(t, n, unit);
          }
          for (int p = 0; p < outputs; p++) {
            V previous = before(inputs.h0(), y, t, n, p);
            y.set(zoned(hidden(), previous, output(t, n, p), t, n, p), t, n, p);
          }
        }
      }
      return new CellOutputs<>(y, last(inputs.h0(), y), last(inputs.c0(), c));
    }

    private void forward(int t, int n, int unit) {
      V cell = before(inputs.c0(), c, t, n, unit);
      V in = gate(rowsI, t, n, unit, cell).sigmoid();
      V forget = coupled ? in.oneMinus() : gate(rowsF, t, n, unit, cell).sigmoid();
      V candidate = gate(rowsG, t, n, unit, cell).tanh();
      V sum = by.sum().add(forget, cell).add(in, candidate).total();
      V next = sum.clamp(options.clip());
      V out = gate(rowsO, t, n, unit, next).sigmoid();
      i.set(in, t, n, unit);
      f.set(forget, t, n, unit);
      g.set(candidate, t, n, unit);
      s.set(sum, t, n, unit);
      fresh.set(next, t, n, unit);
      c.set(zoned(cell(), cell, next, t, n, unit), t, n, unit);
      o.set(out, t, n, unit);
      tanhC.set(next.tanh(), t, n, unit);
      m.set(out.times(next.tanh()), t, n, unit);
    }

    /** The argument of a gate's function, seen being the cell that a peephole shows to it. */
    private V gate(int rows, int t, int n, int unit, V seen) {
      Sum<V> a = addRecurrent(inputSum(rows + unit, t, n), rows + unit, t, n);
      if (options.peepholes() && rows != rowsG) {
        a.add(peephole(rows, unit), seen);
      }
      return a.total();
    }

    private V peephole(int rows, int unit) {
      return weights.peepholes().at(peepholeRow(rows), unit);
    }

    /** The gates in their order, without g. */
    private int peepholeRow(int rows) {
      return (rows > rowsG ? rows - units : rows) / units;
    }

    private V output(int t, int n, int p) {
      if (!isProjected()) {
        return m.at(t, n, p);
      }
      Sum<V> sum = by.sum();
      for (int unit = 0; unit < units; unit++) {
        sum.add(weights.projection().at(p, unit), m.at(t, n, unit));
      }
      return sum.total();
    }

    CellGradients<V> backward(CellOutputs<V> d) {
      Tensor<V> da = perRow();
      Tensor<V> dh = perStep(outputs);
      Tensor<V> ds = perStep(units);
      Tensor<V> dAfter = perStep(outputs);
      Tensor<V> dcAfter = perStep(units);
      Tensor<V> dh0 = d.hn().copy();
      Tensor<V> dc0 = d.cn().copy();
      for (int n = 0; n < inputs.batch(); n++) {
        int length = inputs.lengths()[n];
        for (int t = length - 1; t >= 0; t--) {
          boolean isLast = t == length - 1;
          for (int p = 0; p < outputs; p++) {
            Sum<V> sum = by.sum().add(d.y().at(t, n, p));
            sum = isLast ? sum.add(d.hn().at(n, p)) : addToState(sum, da, dAfter, t + 1, n, p);
            dAfter.set(sum.total(), t, n, p);
            dh.set(zonedGradient(hidden(), sum.total(), t, n, p), t, n, p);
          }
          for (int unit = 0; unit < units; unit++) {
            Sum<V> sum = by.sum();
            sum =
                isLast
                    ? sum.add(d.cn().at(n, unit))
                    : addToCell(sum, da, ds, dcAfter, t + 1, n, unit);
            if (!cell().isEmpty()) {
              dcAfter.set(sum.total(), t, n, unit);
              sum = by.sum().add(zonedGradient(cell(), sum.total(), t, n, unit));
            }
            backward(da, ds, outputGradient(dh, t, n, unit), sum, t, n, unit);
          }
        }
        for (int p = 0; p < outputs && length > 0; p++) {
          dh0.set(addToState(by.sum(), da, dAfter, 0, n, p).total(), n, p);
        }
        for (int unit = 0; unit < units && length > 0; unit++) {
          dc0.set(addToCell(by.sum(), da, ds, dcAfter, 0, n, unit).total(), n, unit);
        }
      }
      return gradients(da, dh, dh0, dc0);
    }

    /** dm. */
    private V outputGradient(Tensor<V> dh, int t, int n, int unit) {
      if (!isProjected()) {
        return dh.at(t, n, unit);
      }
      Sum<V> sum = by.sum();
      for (int p = 0; p < outputs; p++) {
        sum.add(weights.projection().at(p, unit), dh.at(t, n, p));
      }
      return sum.total();
    }

    /** What the state before step t gets from that step. */
    private Sum<V> addToState(Sum<V> sum, Tensor<V> da, Tensor<V> dAfter, int t, int n, int p) {
      addKept(sum, hidden(), dAfter, t, n, p);
      return addBack(sum, da, t, n, p);
    }

    /** What the cell before step t gets from that step directly, past h. */
    private Sum<V> addToCell(
        Sum<V> sum, Tensor<V> da, Tensor<V> ds, Tensor<V> dcAfter, int t, int n, int unit) {
      addKept(sum, cell(), dcAfter, t, n, unit);
      sum.add(f.at(t, n, unit), ds.at(t, n, unit));
      if (options.peepholes()) {
        sum.add(peephole(rowsI, unit), da.at(t, n, rowsI + unit));
        if (!coupled) {
          sum.add(peephole(rowsF, unit), da.at(t, n, rowsF + unit));
        }
      }
      return sum;
    }

    /** One unit; dc holds what has come from the step after. */
    private void backward(Tensor<V> da, Tensor<V> ds, V dm, Sum<V> dc, int t, int n, int unit) {
      V in = i.at(t, n, unit);
      V candidate = g.at(t, n, unit);
      V out = o.at(t, n, unit);
      V tangent = tanhC.at(t, n, unit);
      V cell = before(inputs.c0(), c, t, n, unit);
      V dao = dm.times(tangent).times(out.sigmoidGradFromOutput());
      dc.add(dm.times(out), tangent.tanhGradFromOutput());
      if (options.peepholes()) {
        dc.add(peephole(rowsO, unit), dao);
      }
      V sum = dc.total().times(s.at(t, n, unit).clampGrad(options.clip()));
      Sum<V> di = by.sum().add(sum, candidate);
      if (coupled) {
        di.subtract(sum, cell);
      } else {
        V forget = f.at(t, n, unit).sigmoidGradFromOutput();
        da.set(sum.times(cell).times(forget), t, n, rowsF + unit);
      }
      da.set(di.total().times(in.sigmoidGradFromOutput()), t, n, rowsI + unit);
      da.set(sum.times(in).times(candidate.tanhGradFromOutput()), t, n, rowsG + unit);
      da.set(dao, t, n, rowsO + unit);
      ds.set(sum, t, n, unit);
    }

    private CellGradients<V> gradients(Tensor<V> da, Tensor<V> dh, Tensor<V> dh0, Tensor<V> dc0) {
      Tensor<V> db = biasGradient(da);
      Tensor<V> peepholes = Tensor.zeros(by, weights.peepholes().shape());
      if (options.peepholes()) {
        Tensor<V> seen = allBefore(inputs.c0(), c);
        setDiagonalGradient(peepholes, peepholeRow(rowsI), da, rowsI, seen);
        if (!coupled) {
          setDiagonalGradient(peepholes, peepholeRow(rowsF), da, rowsF, seen);
        }
        setDiagonalGradient(peepholes, peepholeRow(rowsO), da, rowsO, fresh);
      }
      return new CellGradients<>(
          new CellInputs<>(inputGradient(da), dh0, dc0, inputs.lengths()),
          new CellWeights<>(
              matrixGradient(da, read()),
              matrixGradient(da, allSeen()),
              db,
              db,
              isProjected() ? matrixGradient(dh, m) : Tensor.none(),
              peepholes));
    }
  }
}

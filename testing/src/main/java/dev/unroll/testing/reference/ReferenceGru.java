package dev.unroll.testing.reference;

/**
 * The gated recurrent unit, with the reset gate after or before the recurrent product.
 *
 * <pre>
 *   r = sigmoid(W_r x_t + b_r + R_r h_{t-1} + b'_r)
 *   z = sigmoid(W_z x_t + b_z + R_z h_{t-1} + b'_z)
 *   AFTER    n = tanh(W_n x_t + b_n + r (R_n h_{t-1} + b'_n))
 *   BEFORE   n = tanh(W_n x_t + b_n + R_n (r h_{t-1}) + b'_n)
 *   h_t = (1 - z) n + z h_{t-1}
 *
 *   backward, a being the argument of a gate's function:
 *   dh_t = dy_t + z_{t+1} dh_{t+1} + R_r^T da_r + R_z^T da_z       (the da of step t + 1)
 *   AFTER    ... + R_n^T (r da_n)          dr = da_n (R_n h_{t-1} + b'_n)
 *   BEFORE   ... + r (R_n^T da_n)          dr = h_{t-1} (R_n^T da_n)
 *   dn = (1 - z) dh_t        da_n = (1 - n^2) dn
 *   dz = (h_{t-1} - n) dh_t  da_z = z (1 - z) dz      da_r = r (1 - r) dr
 * </pre>
 *
 * <p>Gates in the order r, z, n. AFTER is PyTorch's form (Keras: reset_after; ONNX:
 * linear_before_reset = 1), in which the two biases of n have gradients of their own; BEFORE is
 * that of the first paper (Cho et al., arXiv 1406.1078).
 *
 * @param inputSize I
 * @param hiddenSize H
 * @param reset where the reset gate is applied
 */
public record ReferenceGru(int inputSize, int hiddenSize, Reset reset) implements ReferenceCell {

  private static final int R = 0;
  private static final int Z = 1;
  private static final int N = 2;

  /** What the reset gate multiplies. */
  public enum Reset {
    /** The recurrent product. */
    AFTER,
    /** The state, before the product. */
    BEFORE
  }

  @Override
  public int outputSize() {
    return hiddenSize;
  }

  @Override
  public int gates() {
    return 3;
  }

  @Override
  public <V extends Real<V>> CellOutputs<V> forward(
      Arithmetic<V> by, CellWeights<V> weights, CellInputs<V> inputs) {
    return new GruPass<>(by, weights, inputs).forward();
  }

  @Override
  public <V extends Real<V>> CellGradients<V> backward(
      Arithmetic<V> by,
      CellWeights<V> weights,
      CellInputs<V> inputs,
      CellOutputs<V> outputGradient) {
    GruPass<V> pass = new GruPass<>(by, weights, inputs);
    check(inputs, outputGradient);
    pass.forward();
    return pass.backward(outputGradient);
  }

  private final class GruPass<V extends Real<V>> extends Pass<V> {

    private final boolean after = reset == Reset.AFTER;
    private final Tensor<V> r = perStep(units);
    private final Tensor<V> z = perStep(units);
    private final Tensor<V> n = perStep(units);

    /** AFTER: R_n h + b'_n. BEFORE: r h. */
    private final Tensor<V> inner = perStep(units);

    GruPass(Arithmetic<V> by, CellWeights<V> weights, CellInputs<V> inputs) {
      super(ReferenceGru.this, by, weights, inputs);
    }

    CellOutputs<V> forward() {
      for (int row = 0; row < inputs.batch(); row++) {
        for (int t = 0; t < inputs.lengths()[row]; t++) {
          forward(t, row);
        }
      }
      return new CellOutputs<>(y, last(inputs.h0(), y), Tensor.none());
    }

    private void forward(int t, int row) {
      for (int unit = 0; unit < units; unit++) {
        r.set(gate(R, t, row, unit).sigmoid(), t, row, unit);
        z.set(gate(Z, t, row, unit).sigmoid(), t, row, unit);
        V h = before(inputs.h0(), y, t, row, unit);
        inner.set(
            after
                ? addRecurrent(by.sum(), N * units + unit, t, row).total()
                : r.at(t, row, unit).times(seen(h, row, unit)),
            t,
            row,
            unit);
      }
      for (int unit = 0; unit < units; unit++) {
        int at = N * units + unit;
        Sum<V> a = inputSum(at, t, row);
        if (after) {
          a.add(r.at(t, row, unit), inner.at(t, row, unit));
        } else {
          a.add(weights.recurrentBias().at(at));
          for (int p = 0; p < units; p++) {
            a.add(weights.r().at(at, p), inner.at(t, row, p));
          }
        }
        V candidate = a.total().tanh();
        n.set(candidate, t, row, unit);
        V h = before(inputs.h0(), y, t, row, unit);
        V fresh = z.at(t, row, unit).mix(h, candidate);
        y.set(zoned(hidden(), h, fresh, t, row, unit), t, row, unit);
      }
    }

    private V gate(int gate, int t, int row, int unit) {
      int at = gate * units + unit;
      return addRecurrent(inputSum(at, t, row), at, t, row).total();
    }

    /** da: by the argument of each gate, as W and b see it; back: as R sees it, [T, N, 3H]. */
    CellGradients<V> backward(CellOutputs<V> d) {
      Tensor<V> da = perRow();
      Tensor<V> back = after ? perRow() : da;
      Tensor<V> dh = perStep(units);
      Tensor<V> dAfter = perStep(units);
      Tensor<V> dh0 = d.hn().copy();
      for (int row = 0; row < inputs.batch(); row++) {
        int length = inputs.lengths()[row];
        for (int t = length - 1; t >= 0; t--) {
          for (int unit = 0; unit < units; unit++) {
            Sum<V> sum = by.sum().add(d.y().at(t, row, unit));
            if (t == length - 1) {
              sum.add(d.hn().at(row, unit));
            } else {
              addFromNext(sum, back, dh, dAfter, t + 1, row, unit);
            }
            dAfter.set(sum.total(), t, row, unit);
            dh.set(zonedGradient(hidden(), sum.total(), t, row, unit), t, row, unit);
          }
          backward(da, back, dh, t, row);
        }
        for (int unit = 0; unit < units && length > 0; unit++) {
          dh0.set(addFromNext(by.sum(), back, dh, dAfter, 0, row, unit).total(), row, unit);
        }
      }
      return gradients(da, back, dh0);
    }

    private void backward(Tensor<V> da, Tensor<V> back, Tensor<V> dh, int t, int row) {
      for (int unit = 0; unit < units; unit++) {
        V h = before(inputs.h0(), y, t, row, unit);
        V candidate = n.at(t, row, unit);
        V update = z.at(t, row, unit);
        V dn = dh.at(t, row, unit).times(update.oneMinus());
        V dz =
            by.sum().add(dh.at(t, row, unit), h).subtract(dh.at(t, row, unit), candidate).total();
        da.set(dn.times(candidate.tanhGradFromOutput()), t, row, N * units + unit);
        da.set(dz.times(update.sigmoidGradFromOutput()), t, row, Z * units + unit);
      }
      for (int unit = 0; unit < units; unit++) {
        V gate = r.at(t, row, unit);
        V dan = da.at(t, row, N * units + unit);
        V dr =
            after
                ? dan.times(inner.at(t, row, unit))
                : innerGradient(da, t, row, unit)
                    .times(seen(before(inputs.h0(), y, t, row, unit), row, unit));
        da.set(dr.times(gate.sigmoidGradFromOutput()), t, row, R * units + unit);
        if (after) {
          back.set(da.at(t, row, R * units + unit), t, row, R * units + unit);
          back.set(da.at(t, row, Z * units + unit), t, row, Z * units + unit);
          back.set(dan.times(gate), t, row, N * units + unit);
        }
      }
    }

    /** BEFORE: by r h, which is R_n^T da_n. */
    private V innerGradient(Tensor<V> da, int t, int row, int unit) {
      return addBack(by.sum(), da, N * units, (N + 1) * units, t, row, unit).total();
    }

    /** What the state before step t gets from that step. */
    private Sum<V> addFromNext(
        Sum<V> sum, Tensor<V> back, Tensor<V> dh, Tensor<V> dAfter, int t, int row, int unit) {
      addKept(sum, hidden(), dAfter, t, row, unit);
      sum.add(z.at(t, row, unit), dh.at(t, row, unit));
      if (after) {
        return addBack(sum, back, t, row, unit);
      }
      boolean masked = !inputs.masks().recurrent().isEmpty();
      Sum<V> seen = masked ? by.sum() : sum;
      addBack(seen, back, 0, N * units, t, row, unit);
      seen.add(r.at(t, row, unit), innerGradient(back, t, row, unit));
      return masked ? addSeen(sum, seen.total(), row, unit) : sum;
    }

    private CellGradients<V> gradients(Tensor<V> da, Tensor<V> back, Tensor<V> dh0) {
      Tensor<V> dR = matrixGradient(back, allSeen());
      if (!after) {
        setMatrixGradient(dR, back, inner, N * units, (N + 1) * units);
      }
      return new CellGradients<>(
          new CellInputs<>(inputGradient(da), dh0, Tensor.none(), inputs.lengths()),
          new CellWeights<>(matrixGradient(da, read()), dR, biasGradient(da), biasGradient(back)));
    }
  }
}

package dev.unroll.testing.reference;

/**
 * Elman's cell, the plain recurrent layer, in either convention.
 *
 * <pre>
 *   POST_ACTIVATION   h_t = f(W x_t + b + R h_{t-1} + b')
 *   PRE_ACTIVATION    h_t = W x_t + b + R f(h_{t-1}) + b'
 *
 *   backward, z_t being what f is applied to:
 *   POST_ACTIVATION   dh_t = dy_t + R^T dz_{t+1}                   dz_t = f'(z_t) dh_t
 *   PRE_ACTIVATION    dh_t = dy_t + f'(h_t) (R^T dh_{t+1})         dz_t = dh_t
 *   dW = sum dz_t x_t^T    dR = sum dz_t s_{t-1}^T    db = db' = sum dz_t    dx_t = W^T dz_t
 * </pre>
 *
 * <p>where s is what R was multiplied with, h or f(h). The Jacobian of a step with respect to the
 * state is {@code diag(f') R} in the first convention and {@code R diag(f')} in the second.
 *
 * @param inputSize I
 * @param hiddenSize H
 * @param activation f
 * @param convention where f is applied
 */
public record ReferenceElman(
    int inputSize, int hiddenSize, ReferenceActivation activation, Convention convention)
    implements ReferenceCell {

  /** Which of the two conjugate forms. */
  public enum Convention {
    /** The state has been through the activation: PyTorch's form. */
    POST_ACTIVATION,
    /** The state has not: the form of Pascanu, Mikolov and Bengio (arXiv 1211.5063). */
    PRE_ACTIVATION
  }

  /** PyTorch's form. */
  public ReferenceElman(int inputSize, int hiddenSize, ReferenceActivation activation) {
    this(inputSize, hiddenSize, activation, Convention.POST_ACTIVATION);
  }

  @Override
  public int outputSize() {
    return hiddenSize;
  }

  @Override
  public int gates() {
    return 1;
  }

  @Override
  public <V extends Real<V>> CellOutputs<V> forward(
      Arithmetic<V> by, CellWeights<V> weights, CellInputs<V> inputs) {
    return new ElmanPass<>(by, weights, inputs).forward();
  }

  @Override
  public <V extends Real<V>> CellGradients<V> backward(
      Arithmetic<V> by,
      CellWeights<V> weights,
      CellInputs<V> inputs,
      CellOutputs<V> outputGradient) {
    ElmanPass<V> pass = new ElmanPass<>(by, weights, inputs);
    check(inputs, outputGradient);
    pass.forward();
    return pass.backward(outputGradient);
  }

  private final class ElmanPass<V extends Real<V>> extends Pass<V> {

    private final boolean post = convention == Convention.POST_ACTIVATION;

    /** h or f(h) before each step, [T, N, H]. */
    private final Tensor<V> entered = perStep(units);

    /** s: what R is multiplied with, the same through a mask. */
    private final Tensor<V> seen = perStep(units);

    /** The state of each step before zoneout. */
    private final Tensor<V> fresh = perStep(units);

    ElmanPass(Arithmetic<V> by, CellWeights<V> weights, CellInputs<V> inputs) {
      super(ReferenceElman.this, by, weights, inputs);
    }

    CellOutputs<V> forward() {
      for (int n = 0; n < inputs.batch(); n++) {
        for (int t = 0; t < inputs.lengths()[n]; t++) {
          for (int unit = 0; unit < units; unit++) {
            V h = before(inputs.h0(), y, t, n, unit);
            entered.set(post ? h : activation.of(h), t, n, unit);
            seen.set(seen(entered.at(t, n, unit), n, unit), t, n, unit);
          }
          for (int unit = 0; unit < units; unit++) {
            Sum<V> z = inputSum(unit, t, n).add(weights.recurrentBias().at(unit));
            for (int p = 0; p < units; p++) {
              z.add(weights.r().at(unit, p), seen.at(t, n, p));
            }
            V h = post ? activation.of(z.total()) : z.total();
            fresh.set(h, t, n, unit);
            V previous = before(inputs.h0(), y, t, n, unit);
            y.set(zoned(hidden(), previous, h, t, n, unit), t, n, unit);
          }
        }
      }
      return new CellOutputs<>(y, last(inputs.h0(), y), Tensor.none());
    }

    CellGradients<V> backward(CellOutputs<V> d) {
      Tensor<V> dz = perRow();
      Tensor<V> dAfter = perStep(units);
      Tensor<V> dh0 = d.hn().copy();
      for (int n = 0; n < inputs.batch(); n++) {
        int length = inputs.lengths()[n];
        for (int t = length - 1; t >= 0; t--) {
          for (int unit = 0; unit < units; unit++) {
            Sum<V> sum = by.sum().add(d.y().at(t, n, unit));
            if (t == length - 1) {
              sum.add(d.hn().at(n, unit));
            } else {
              addFromNext(sum, dz, dAfter, t + 1, n, unit);
            }
            dAfter.set(sum.total(), t, n, unit);
            V dh = zonedGradient(hidden(), sum.total(), t, n, unit);
            dz.set(post ? activation.back(dh, fresh.at(t, n, unit)) : dh, t, n, unit);
          }
        }
        for (int unit = 0; unit < units && length > 0; unit++) {
          dh0.set(addFromNext(by.sum(), dz, dAfter, 0, n, unit).total(), n, unit);
        }
      }
      Tensor<V> db = biasGradient(dz);
      return new CellGradients<>(
          new CellInputs<>(inputGradient(dz), dh0, Tensor.none(), inputs.lengths()),
          new CellWeights<>(matrixGradient(dz, read()), matrixGradient(dz, seen), db, db));
    }

    /** What the state before step t gets from that step. */
    private Sum<V> addFromNext(Sum<V> sum, Tensor<V> dz, Tensor<V> dAfter, int t, int n, int unit) {
      addKept(sum, hidden(), dAfter, t, n, unit);
      if (post) {
        return addBack(sum, dz, t, n, unit);
      }
      V ds = addBack(by.sum(), dz, t, n, unit).total();
      return sum.add(activation.back(ds, entered.at(t, n, unit)));
    }
  }
}

package dev.unroll.testing.reference;

import static dev.unroll.testing.reference.Plain.ARITHMETIC;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ReferenceLstmTest {

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  // Different weights for each gate, so that a swap of any two shows.
  private static final double[] W = {0.5, -1, 2, 0.25};
  private static final double[] R = {1, 0.5, -0.5, 2};
  private static final double[] B = {0.1, 0.2, 0.3, 0.4};
  private static final double[] RECURRENT_B = {-0.4, 0.3, -0.2, 0.1};
  private static final double X = 0.75;
  private static final double H = -0.5;
  private static final double C = 1.5;

  private static CellOutputs<Plain> step(LstmOptions options, double[] p, double... peepholes) {
    int gates = options.coupled() ? 3 : 4;
    int outputs = Math.max(1, options.projection());
    double[] r = new double[gates * outputs];
    for (int row = 0; row < gates; row++) {
      r[row * outputs] = R[row];
    }
    CellWeights<Plain> weights =
        new CellWeights<>(
            Tensor.of(ARITHMETIC, Arrays.copyOf(W, gates), gates, 1),
            Tensor.of(ARITHMETIC, r, gates, outputs),
            Tensor.of(ARITHMETIC, Arrays.copyOf(B, gates), gates),
            Tensor.of(ARITHMETIC, Arrays.copyOf(RECURRENT_B, gates), gates),
            p.length == 0 ? Tensor.none() : Tensor.of(ARITHMETIC, p, p.length, 1),
            peepholes.length == 0
                ? Tensor.none()
                : Tensor.of(ARITHMETIC, peepholes, peepholes.length, 1));
    double[] h0 = new double[outputs];
    h0[0] = H;
    CellInputs<Plain> inputs =
        new CellInputs<>(
            Tensor.of(ARITHMETIC, new double[] {X}, 1, 1, 1),
            Tensor.of(ARITHMETIC, h0, 1, outputs),
            Tensor.of(ARITHMETIC, new double[] {C}, 1, 1));
    return new ReferenceLstm(1, 1, options).forward(weights, inputs);
  }

  private static final double I = logistic(0.5 * X + 1 * H + 0.1 - 0.4);
  private static final double F = logistic(-1 * X + 0.5 * H + 0.2 + 0.3);
  private static final double G = Math.tanh(2 * X - 0.5 * H + 0.3 - 0.2);
  private static final double O = logistic(0.25 * X + 2 * H + 0.4 + 0.1);

  private static void assertStep(double c, double h, CellOutputs<Plain> got) {
    assertEquals(c, got.cn().at(0).value(), 1e-15);
    assertEquals(h, got.hn().at(0).value(), 1e-15);
    assertEquals(h, got.y().at(0).value(), 1e-15);
  }

  @Test
  void oneUnitOneStepByHand() {
    double c = F * C + I * G;
    assertStep(c, O * Math.tanh(c), step(LstmOptions.PLAIN, new double[0]));
  }

  @Test
  void peepholesByHand() {
    double i = logistic(0.5 * X + H - 0.3 + 0.125 * C);
    double f = logistic(-X + 0.5 * H + 0.5 - 0.75 * C);
    double c = f * C + i * G;
    double o = logistic(0.25 * X + 2 * H + 0.5 + 0.375 * c);
    LstmOptions options = LstmOptions.PLAIN.withPeepholes();
    assertStep(c, o * Math.tanh(c), step(options, new double[0], 0.125, -0.75, 0.375));
  }

  @Test
  void coupledGatesByHand() {
    // The second block of rows is now the candidate's, the third the output gate's.
    double g = Math.tanh(-1 * X + 0.5 * H + 0.2 + 0.3);
    double o = logistic(2 * X - 0.5 * H + 0.3 - 0.2);
    double c = (1 - I) * C + I * g;
    LstmOptions options = LstmOptions.PLAIN.withCoupledGates();
    assertStep(c, o * Math.tanh(c), step(options, new double[0]));
    double i = logistic(0.5 * X + H - 0.3 + 0.125 * C);
    c = (1 - i) * C + i * g;
    o = logistic(2 * X - 0.5 * H + 0.1 - 0.75 * c);
    assertStep(c, o * Math.tanh(c), step(options.withPeepholes(), new double[0], 0.125, -0.75));
  }

  @Test
  void clippingByHand() {
    double limit = 0.5;
    assertStep(limit, O * Math.tanh(limit), step(LstmOptions.PLAIN.withClip(limit), new double[0]));
    double o = logistic(0.25 * X + 2 * H + 0.5 + 0.375 * limit);
    LstmOptions peeping = LstmOptions.PLAIN.withClip(limit).withPeepholes();
    assertStep(limit, o * Math.tanh(limit), step(peeping, new double[0], 0, 0, 0.375));
  }

  @Test
  void projectionByHand() {
    double c = F * C + I * G;
    double m = O * Math.tanh(c);
    CellOutputs<Plain> got = step(LstmOptions.PLAIN.withProjection(2), new double[] {0.25, -3});
    assertStep(c, 0.25 * m, got);
    assertEquals(-3 * m, got.y().at(1).value(), 1e-15);
  }
}

package dev.unroll.testing.gradient;

import static dev.unroll.testing.Failures.messageOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.gradient.GradientCheck.Report;
import dev.unroll.testing.reference.CellGradients;
import dev.unroll.testing.reference.CellInputs;
import dev.unroll.testing.reference.CellOutputs;
import dev.unroll.testing.reference.CellSample;
import dev.unroll.testing.reference.CellWeights;
import dev.unroll.testing.reference.Plain;
import dev.unroll.testing.reference.Tensor;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GradientCheckTest {

  private static final Reproducer HERE = Reproducer.of("Some.gradient").seed(1);

  /** x0^2 x1 + sin(x1 x2). */
  private static double loss(double[] x) {
    return x[0] * x[0] * x[1] + Math.sin(x[1] * x[2]);
  }

  private static double[] gradient(double[] x) {
    double cos = Math.cos(x[1] * x[2]);
    return new double[] {2 * x[0] * x[1], x[0] * x[0] + x[2] * cos, x[1] * cos};
  }

  private static final GradientCheck CHECK =
      GradientCheck.of(GradientCheckTest::loss).withGradient(GradientCheckTest::gradient);
  private static final double[] X = {1.5, -0.75, 2};

  @Test
  void aRightGradientPasses() {
    assertEquals(new Report(3, List.of(), List.of()), CHECK.assertGradient(X, HERE));
    // By differences themselves.
    assertEquals(3, GradientCheck.of(GradientCheckTest::loss).assertGradient(X, HERE).checked());
  }

  @Test
  void aWrongGradientFailsAndNamesTheParameter() {
    for (int i = 0; i < 3; i++) {
      int parameter = i;
      GradientCheck wrong =
          GradientCheck.of(GradientCheckTest::loss)
              .withGradient(
                  x -> {
                    double[] g = gradient(x);
                    g[parameter] *= 1 + 1e-7;
                    return g;
                  });
      String message = messageOf(() -> wrong.assertGradient(X, HERE));
      assertTrue(
          message.startsWith("assertGradient: 1 of 3 wrong; worst at parameter " + i), message);
      assertTrue(message.contains("reproduce: Some.gradient seed=[1]"), message);
    }
    GradientCheck nan =
        GradientCheck.of(GradientCheckTest::loss)
            .withGradient(x -> new double[] {0, 0, Double.NaN});
    assertTrue(messageOf(() -> nan.assertGradient(X, HERE)).contains("parameter 2: got NaN"));
    GradientCheck few = GradientCheck.of(GradientCheckTest::loss).withGradient(x -> new double[2]);
    assertTrue(messageOf(() -> few.assertGradient(X, HERE)).contains("2 elements"));
  }

  @Test
  void directionsAddUp() {
    double[] direction = {0.5, -1, 0.25};
    double[] g = gradient(X);
    Derivative got = GradientCheck.directional(GradientCheckTest::loss, X, direction);
    double expected = 0.5 * g[0] - g[1] + 0.25 * g[2];
    assertEquals(expected, got.value(), 8 * got.error());
    assertThrows(
        IllegalArgumentException.class,
        () -> GradientCheck.directional(GradientCheckTest::loss, X, new double[2]));
  }

  @Test
  void kinksAreReportedAndNotCompared() {
    // relu(x0) + relu(x1) + x2: at 0 for x0, near it for x1. The convention gives 0 at the kink.
    GradientCheck relu =
        GradientCheck.of(x -> Math.max(0, x[0]) + Math.max(0, x[1]) + x[2])
            .withGradient(x -> new double[] {x[0] > 0 ? 1 : 0, x[1] > 0 ? 1 : 0, 1});
    assertEquals(
        new Report(2, List.of(1), List.of(0)),
        relu.assertGradient(new double[] {0, 0.001, 5}, HERE));
    float[] x = {0, 0.001f, 5};
    assertEquals(
        new Report(2, List.of(1), List.of(0)),
        relu.assertFloatGradient(x, new float[] {1, 1, 1}, 4, HERE));
    String message =
        messageOf(
            () ->
                GradientCheck.of((double[] v) -> Math.abs(v[0]))
                    .assertGradient(new double[1], HERE));
    assertTrue(message.startsWith("all 1 parameters are at a kink"), message);
  }

  @Test
  void floatGradientsMayBeOffByWhatTheirConditionSays() {
    float[] x = {1.5f, -0.75f, 2};
    float cos = (float) Math.cos(x[1] * x[2]);
    float[] got = {2 * x[0] * x[1], x[0] * x[0] + x[2] * cos, x[1] * cos};
    CHECK.assertFloatGradient(x, got, 4, HERE);
    for (int i = 0; i < 3; i++) {
      float[] wrong = got.clone();
      wrong[i] += 0x1p-17f;
      String message = messageOf(() -> CHECK.assertFloatGradient(x, wrong, 4, HERE));
      assertTrue(message.contains("worst at index " + i), message);
    }
  }

  /** The Hessian of x0^2 x1 + sin(x1 x2), by hand, and a parameter that is 0. */
  @Test
  void theFloatBoundByHand() {
    double s = Math.sin(-1.5);
    double c = Math.cos(-1.5);
    double[] expected = {
      2.25 + 1.5 * 1.5 + 0.75 * 3,
      Math.abs(2.25 + 2 * c) + 1.5 * 3 + 0.75 * Math.abs(-4 * s) + 2 * Math.abs(c + 1.5 * s),
      0.75 * c + 0.75 * Math.abs(c + 1.5 * s) + 2 * Math.abs(-0.5625 * s)
    };
    double[] bound = CHECK.floatBound(X, 1);
    for (int i = 0; i < 3; i++) {
      assertEquals(expected[i] * 0x1p-24, bound[i], 1e-6 * bound[i], "parameter " + i);
    }
    assertEquals(0, CHECK.floatBound(new double[3], 1)[0], 1e-40);
  }

  static List<CellSample> samples() {
    return CellSample.ragged(2, 2, 5);
  }

  /** Every reference cell: all of its parameters and inputs as one vector. */
  @ParameterizedTest
  @MethodSource("samples")
  void backwardAgreesWithCentralDifferences(CellSample sample) {
    Flat flat = new Flat(sample);
    Report report =
        GradientCheck.of(flat::loss)
            .withGradient(flat::gradient)
            .assertGradient(flat.start(), Reproducer.of(sample.toString()));
    assertTrue(report.checked() > 0.9 * flat.start().length, report.toString());
    double[] exact = flat.gradient(flat.start());
    double largest = Arrays.stream(exact).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < exact.length; i += 7) {
      Derivative derivative = GradientCheck.partial(flat::loss, flat.start(), i);
      if (derivative.kind() != Derivative.Kind.KINK) {
        assertEquals(exact[i], derivative.value(), 1e-6 * largest);
      }
    }
  }

  /** Weights and inputs of a sample in one vector. */
  private record Flat(CellSample sample) {

    private List<Tensor<Plain>> tensors(CellWeights<Plain> weights, CellInputs<Plain> inputs) {
      List<Tensor<Plain>> all = new ArrayList<>(weights.named().values());
      all.addAll(inputs.named().values());
      return all;
    }

    double[] start() {
      return join(tensors(sample.weights(), sample.inputs()));
    }

    private static double[] join(List<Tensor<Plain>> tensors) {
      return tensors.stream().flatMapToDouble(t -> Arrays.stream(t.values())).toArray();
    }

    private void put(double[] x, CellWeights<Plain> weights, CellInputs<Plain> inputs) {
      int at = 0;
      for (Tensor<Plain> tensor : tensors(weights, inputs)) {
        for (int i = 0; i < tensor.length(); i++) {
          tensor.set(new Plain(x[at++]), i);
        }
      }
    }

    double loss(double[] x) {
      CellWeights<Plain> weights = sample.weights();
      CellInputs<Plain> inputs = sample.inputs();
      put(x, weights, inputs);
      CellOutputs<Plain> out = sample.cell().forward(weights, inputs);
      Map<String, Tensor<Plain>> factors = sample.outputGradient().named();
      double loss = 0;
      for (Map.Entry<String, Tensor<Plain>> entry : out.named().entrySet()) {
        Tensor<Plain> by = Objects.requireNonNull(factors.get(entry.getKey()));
        for (int i = 0; i < by.length(); i++) {
          loss += by.at(i).value() * entry.getValue().at(i).value();
        }
      }
      return loss;
    }

    double[] gradient(double[] x) {
      CellWeights<Plain> weights = sample.weights();
      CellInputs<Plain> inputs = sample.inputs();
      put(x, weights, inputs);
      CellGradients<Plain> gradients =
          sample.cell().backward(weights, inputs, sample.outputGradient());
      return join(tensors(gradients.weights(), gradients.inputs()));
    }
  }
}

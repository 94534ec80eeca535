package dev.unroll.testing.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class ReferenceActivationsTest {

  private static final double INF = Double.POSITIVE_INFINITY;

  /** Where float functions change: saturation, underflow, overflow, cancellation, tiny values. */
  private static final double[] POINTS = {
    Float.MIN_VALUE,
    Float.MIN_NORMAL,
    1e-20,
    0x1p-24,
    0x1p-12,
    1e-3,
    0.1,
    0.3465736,
    0.5493061,
    0.75,
    1,
    2,
    5,
    9.010913,
    17.328678,
    20,
    43.5,
    50,
    52,
    83.5,
    87.33654,
    88.02969,
    88.72283,
    88.722839,
    100,
    103.27893,
    103.97208,
    104
  };

  private static DoubleStream points() {
    SplittableRandom random = new SplittableRandom(2024);
    DoubleStream chosen = DoubleStream.of(POINTS).map(x -> (float) x);
    DoubleStream drawn = DoubleStream.generate(() -> (float) random.nextDouble(105)).limit(150);
    DoubleStream tiny =
        DoubleStream.generate(
                () -> Float.intBitsToFloat(random.nextInt(Float.floatToIntBits(0.01f))))
            .limit(50);
    return DoubleStream.concat(chosen, DoubleStream.concat(drawn, tiny))
        .flatMap(x -> DoubleStream.of(x, -x));
  }

  private static void check(DoubleUnaryOperator got, UnaryOperator<BigDecimal> exact) {
    points()
        .forEach(
            x -> {
              BigDecimal expected = exact.apply(new BigDecimal(x));
              double value = got.applyAsDouble(x);
              double error =
                  new BigDecimal(value)
                      .subtract(expected)
                      .divide(expected, MathContext.DECIMAL64)
                      .abs()
                      .doubleValue();
              assertTrue(error <= 0x1p-50, () -> "x " + x + " got " + value + " error " + error);
            });
  }

  @Test
  void expAgreesWithItsSeries() {
    check(ReferenceActivations::exp, Exact::exp);
  }

  @Test
  void tanhAgreesWithItsSeries() {
    check(ReferenceActivations::tanh, Exact::tanh);
  }

  @Test
  void sigmoidAgreesWithItsSeries() {
    check(ReferenceActivations::sigmoid, Exact::sigmoid);
  }

  @Test
  void tanhGradFromInputAgreesWithItsSeries() {
    check(ReferenceActivations::tanhGradFromInput, Exact::tanhGrad);
  }

  @Test
  void sigmoidGradFromInputAgreesWithItsSeries() {
    check(ReferenceActivations::sigmoidGradFromInput, Exact::sigmoidGrad);
  }

  @Test
  void gradsFromOutputAgreeWithExactArithmetic() {
    for (double y : new double[] {1e-30, 0.1f, 0.5, Math.nextDown(1.0f), Math.nextUp(0.99f), 3}) {
      BigDecimal exact = new BigDecimal(y);
      assertEquals(
          Exact.tanhGradFromOutput(exact).doubleValue(),
          ReferenceActivations.tanhGradFromOutput(y),
          "y " + y);
      assertEquals(
          Exact.sigmoidGradFromOutput(exact).doubleValue(),
          ReferenceActivations.sigmoidGradFromOutput(y),
          "y " + y);
    }
  }

  @Test
  void tailsByHand() {
    assertEquals(3.720075976020836e-44, ReferenceActivations.sigmoid(-100), 1e-58);
    assertEquals(6.813556821545298e-46, ReferenceActivations.sigmoid(-104), 1e-60);
    assertEquals(0, ReferenceActivations.sigmoid(-1000));
    assertEquals(1, ReferenceActivations.sigmoid(1000));
    assertEquals(4 * StrictMath.exp(-100), ReferenceActivations.tanhGradFromInput(50), 1e-58);
    assertEquals(1, ReferenceActivations.tanh(1e38));
    assertEquals(Float.MIN_VALUE, ReferenceActivations.tanh(Float.MIN_VALUE));
  }

  @Test
  void infinities() {
    assertEquals(INF, ReferenceActivations.exp(INF));
    assertEquals(0, ReferenceActivations.exp(-INF));
    assertEquals(1, ReferenceActivations.tanh(INF));
    assertEquals(-1, ReferenceActivations.tanh(-INF));
    assertEquals(1, ReferenceActivations.sigmoid(INF));
    assertEquals(0.0, ReferenceActivations.sigmoid(-INF));
    assertEquals(INF, ReferenceActivations.relu(INF));
    assertEquals(0.0, ReferenceActivations.relu(-INF));
    assertEquals(0.0, ReferenceActivations.tanhGradFromInput(INF));
    assertEquals(0.0, ReferenceActivations.tanhGradFromInput(-INF));
    assertEquals(0.0, ReferenceActivations.sigmoidGradFromInput(INF));
    assertEquals(0.0, ReferenceActivations.sigmoidGradFromInput(-INF));
    assertEquals(1, ReferenceActivations.reluGradFromInput(INF));
    assertEquals(0.0, ReferenceActivations.reluGradFromInput(-INF));
  }

  @Test
  void zeros() {
    assertEquals(-0.0, ReferenceActivations.tanh(-0.0));
    assertEquals(0.5, ReferenceActivations.sigmoid(-0.0));
    assertEquals(0.0, ReferenceActivations.relu(-0.0));
    assertEquals(0.0, ReferenceActivations.reluGradFromInput(-0.0));
    assertEquals(0.0, ReferenceActivations.reluGradFromOutput(0.0));
    assertEquals(1, ReferenceActivations.tanhGradFromInput(-0.0));
    assertEquals(0.25, ReferenceActivations.sigmoidGradFromInput(0));
    assertEquals(0.0, ReferenceActivations.tanhGradFromOutput(-1));
    assertEquals(0.0, ReferenceActivations.sigmoidGradFromOutput(1));
  }

  @Test
  void nanStaysNan() {
    DoubleUnaryOperator[] all = {
      ReferenceActivations::exp,
      ReferenceActivations::tanh,
      ReferenceActivations::sigmoid,
      ReferenceActivations::relu,
      ReferenceActivations::tanhGradFromInput,
      ReferenceActivations::sigmoidGradFromInput,
      ReferenceActivations::reluGradFromInput,
      ReferenceActivations::tanhGradFromOutput,
      ReferenceActivations::sigmoidGradFromOutput,
      ReferenceActivations::reluGradFromOutput
    };
    for (DoubleUnaryOperator f : all) {
      assertEquals(Double.NaN, f.applyAsDouble(Double.NaN));
    }
  }
}

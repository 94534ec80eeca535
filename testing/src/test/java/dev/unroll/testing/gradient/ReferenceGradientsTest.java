package dev.unroll.testing.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.reference.CellGradients;
import dev.unroll.testing.reference.CellInputs;
import dev.unroll.testing.reference.CellOutputs;
import dev.unroll.testing.reference.CellSample;
import dev.unroll.testing.reference.CellWeights;
import dev.unroll.testing.reference.Plain;
import dev.unroll.testing.reference.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every number of every backward pass against the exact derivative of the forward pass. */
class ReferenceGradientsTest {

  /** Some hundred roundings of either pass, relative to the largest gradient of a tensor. */
  private static final double LIMIT = 1e-13;

  static List<CellSample> samples() {
    List<CellSample> samples = new ArrayList<>(CellSample.ragged(3, 4, 1));
    CellSample.ragged(3, 4, 2).forEach(sample -> samples.add(sample.withMasks()));
    return samples;
  }

  @ParameterizedTest
  @MethodSource("samples")
  void backwardIsTheDerivativeOfForward(CellSample sample) {
    CellInputs<Dual> inputs = sample.inputs().to(Dual.ARITHMETIC);
    CellWeights<Dual> weights = sample.weights().to(Dual.ARITHMETIC);
    CellGradients<Plain> gradients =
        sample.cell().backward(sample.weights(), sample.inputs(), sample.outputGradient());
    Map<String, Tensor<Plain>> named = gradients.named();
    inputs.named().forEach((name, tensor) -> check(sample, weights, inputs, name, tensor, named));
    weights.named().forEach((name, tensor) -> check(sample, weights, inputs, name, tensor, named));
    assertEquals(inputs.named().size() + weights.named().size(), named.size());
  }

  private static void check(
      CellSample sample,
      CellWeights<Dual> weights,
      CellInputs<Dual> inputs,
      String name,
      Tensor<Dual> varied,
      Map<String, Tensor<Plain>> gradients) {
    double[] got = Objects.requireNonNull(gradients.get("d" + name)).values();
    double largest = 0;
    double worst = 0;
    for (int i = 0; i < got.length; i++) {
      Dual value = varied.at(i);
      varied.set(new Dual(value.value(), 1), i);
      double exact = loss(sample, sample.cell().forward(Dual.ARITHMETIC, weights, inputs));
      varied.set(value, i);
      largest = Math.max(largest, Math.abs(exact));
      worst = Math.max(worst, Math.abs(exact - got[i]));
    }
    assertTrue(largest > 0, name + " has no part in anything");
    assertTrue(worst <= LIMIT * largest, name + " is off by " + worst + " of " + largest);
  }

  /** The derivative of {@code sum of dy y + dhn hn + dcn cn}; what is beyond a length counts 0. */
  private static double loss(CellSample sample, CellOutputs<Dual> outputs) {
    Map<String, Tensor<Plain>> by = sample.outputGradient().named();
    double loss = 0;
    for (Map.Entry<String, Tensor<Dual>> entry : outputs.named().entrySet()) {
      double[] factors = Objects.requireNonNull(by.get(entry.getKey())).values();
      double[] dots = Dual.dots(entry.getValue());
      for (int i = 0; i < dots.length; i++) {
        loss += factors[i] * dots[i];
      }
    }
    return loss;
  }
}

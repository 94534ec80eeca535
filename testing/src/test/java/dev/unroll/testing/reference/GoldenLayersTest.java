package dev.unroll.testing.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.golden.GoldenData;
import dev.unroll.testing.golden.GoldenLayers;
import dev.unroll.testing.golden.GoldenTensors;
import dev.unroll.testing.reference.ReferenceStack.Gradients;
import dev.unroll.testing.reference.ReferenceStack.Outputs;
import dev.unroll.testing.reference.ReferenceStack.Part;
import dev.unroll.testing.tolerance.Bounded;
import dev.unroll.testing.tolerance.ErrorModel;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The references against PyTorch in double precision, forward and backward. What they may differ by
 * follows from the error bound of double arithmetic; that it says something is checked too.
 */
class GoldenLayersTest {

  static final List<String> LAYERS = GoldenData.LAYERS;

  /**
   * PyTorch: exp of 1 ULP, so 1 / (1 + e^-x) within 4; tanh within 2; derivatives as {@code 1 - y
   * y}.
   */
  private static final ErrorModel PYTORCH = ErrorModel.ofDouble(4, 2).withoutFma();

  /**
   * 2400 roundings on the way through two layers of eleven steps, on either side, of the largest.
   */
  private static final double USUAL = 2 * 2400 * 0x1p-53;

  /** What always holds must be far below any real difference. */
  private static final double SAYS_SOMETHING = 1e-9;

  private int compared;

  @ParameterizedTest
  @FieldSource("LAYERS")
  void agreesWithPyTorch(String name) throws IOException {
    GoldenTensors file = GoldenTensors.load(name);
    GoldenLayers layers = new GoldenLayers(file);
    Tensor<Bounded> x = layers.tensor(PYTORCH, "x");
    List<Part<Bounded>> parts = layers.parts(PYTORCH);
    Outputs<Bounded> out = layers.stack().forward(PYTORCH, x, parts, layers.lengths());
    assertSame("y", out.y(), file.values("y"));
    Gradients<Bounded> gradients =
        layers
            .stack()
            .backward(PYTORCH, x, parts, layers.lengths(), layers.outputGradient(PYTORCH));
    assertSame("dx", gradients.dx(), file.values("dx"));
    List<String> suffixes = layers.suffixes();
    for (int at = 0; at < suffixes.size(); at++) {
      assertSlice(layers, file, "hn", at, out.last().get(at).hn());
      assertSlice(layers, file, "cn", at, out.last().get(at).cn());
      Part<Bounded> part = gradients.parts().get(at);
      assertSlice(layers, file, "dh0", at, part.h0());
      assertSlice(layers, file, "dc0", at, part.c0());
      assertWeight(file, "grad.weight_ih" + suffixes.get(at), part.weights().w());
      assertWeight(file, "grad.weight_hh" + suffixes.get(at), part.weights().r());
      assertWeight(file, "grad.bias_ih" + suffixes.get(at), part.weights().inputBias());
      assertWeight(file, "grad.bias_hh" + suffixes.get(at), part.weights().recurrentBias());
      assertWeight(file, "grad.weight_hr" + suffixes.get(at), part.weights().projection());
    }
    long results = file.names().stream().filter(this::isResult).mapToInt(n -> 1).sum();
    long slices = file.names().stream().filter(this::isState).mapToInt(n -> 1).sum();
    assertEquals(results - slices + slices * suffixes.size(), compared, "tensors compared");
  }

  private boolean isState(String name) {
    return List.of("hn", "cn", "dh0", "dc0").contains(name);
  }

  private boolean isResult(String name) {
    return isState(name) || name.equals("y") || name.equals("dx") || name.startsWith("grad.");
  }

  private void assertWeight(GoldenTensors file, String name, Tensor<Bounded> got) {
    if (file.has(name)) {
      assertSame(name, got, file.values(name));
    } else {
      assertTrue(got.isEmpty(), name);
    }
  }

  private void assertSlice(
      GoldenLayers layers, GoldenTensors file, String name, int at, Tensor<Bounded> got) {
    if (file.has(name)) {
      assertSame(name, got, layers.slice(Plain.ARITHMETIC, name, at).values());
    } else {
      assertTrue(got.isEmpty(), name);
    }
  }

  private void assertSame(String name, Tensor<Bounded> got, double[] want) {
    compared++;
    assertEquals(want.length, got.length(), name);
    double largest = Arrays.stream(want).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < want.length; i++) {
      double error = Math.abs(got.at(i).value() - want[i]);
      double bound = got.at(i).bound();
      assertTrue(error <= bound, name + "[" + i + "] is off by " + error + ", allowed " + bound);
      assertTrue(error <= USUAL * largest, name + "[" + i + "] is off by " + error);
      assertTrue(bound <= SAYS_SOMETHING * largest, name + "[" + i + "] is allowed " + bound);
    }
  }
}

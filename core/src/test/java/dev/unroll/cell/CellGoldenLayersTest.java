package dev.unroll.cell;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.cell.CellGradients.Way;
import dev.unroll.internal.spi.Kernels;
import dev.unroll.kernel.Activation;
import dev.unroll.kernel.Activations;
import dev.unroll.testing.golden.GoldenData;
import dev.unroll.testing.golden.GoldenTensors;
import dev.unroll.testing.reference.CellInputs;
import dev.unroll.testing.reference.CellOutputs;
import dev.unroll.testing.reference.CellWeights;
import dev.unroll.testing.reference.Tensor;
import dev.unroll.testing.tolerance.Bounded;
import dev.unroll.testing.tolerance.ErrorModel;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Layers that PyTorch ran in double precision, forward and backward, from the same weights and
 * inputs: so all that the float cell is off is its own, and stays within the error bound.
 */
final class CellGoldenLayersTest {

  private static final ErrorModel MODEL =
      ErrorModel.ofFloat(Activations.SIGMOID_ULP, Activations.TANH_ULP);

  /** The bounds say something: a wrong gate changes tenths of the largest value. */
  private static final double SAYS_SOMETHING = 1e-3;

  private final Reproducer where =
      Reproducer.of("golden").twin(Kernels.get().name()).width(Kernels.get().vectorBits());

  @ParameterizedTest
  @ValueSource(
      strings = {
        GoldenData.LSTM,
        GoldenData.LSTM_PROJECTION,
        GoldenData.GRU,
        GoldenData.ELMAN_TANH,
        GoldenData.ELMAN_RELU
      })
  void aLayerOfPyTorchIsReproduced(String name) throws IOException {
    GoldenTensors file = GoldenTensors.load(name);
    CellSpec spec = spec(file);
    int steps = file.shape("x")[0];
    int batch = file.shape("x")[1];
    WeightSet weights = weights(file, spec, "");
    JudgedCell judge = new JudgedCell(spec, steps, batch);
    CellWeights<Bounded> judgedWeights = judge.weights(MODEL, weights);
    float[] c0 = spec.hasCell() ? floats(file, "c0") : new float[0];
    float[] dcn = spec.hasCell() ? floats(file, "dcn") : new float[0];
    CellInputs<Bounded> inputs = judge.inputs(MODEL, floats(file, "x"), floats(file, "h0"), c0);
    CellOutputs<Bounded> out = judge.reference().forward(MODEL, judgedWeights, inputs);
    var gradients =
        judge
            .reference()
            .backward(
                MODEL,
                judgedWeights,
                inputs,
                judge.outputs(MODEL, floats(file, "dy"), floats(file, "dhn"), dcn));
    for (SequenceLayout layout : SequenceLayout.values()) {
      float[] h = floats(file, "h0");
      float[] c = c0.clone();
      float[] x = ordered(layout, floats(file, "x"), steps, batch);
      float[] y = new float[steps * batch * spec.outputSize()];
      float @Nullable [] cells = spec.hasCell() ? c : null;
      CellTrainer trainer = CellTrainer.of(spec);
      trainer.load(weights);
      trainer.forward(layout, steps, batch, x, y, h, cells);
      float[] dh = floats(file, "dhn");
      float[] dc = dcn.clone();
      float[] dx = new float[x.length];
      WeightSet dWeights = WeightSet.zeros(spec);
      trainer.backward(
          x,
          0,
          ordered(layout, floats(file, "dy"), steps, batch),
          0,
          dh,
          0,
          spec.hasCell() ? dc : null,
          0,
          dx,
          0,
          dWeights,
          Way.PLAIN.accumulate());
      assertNear(file, "y", restored(layout, y, steps, batch), out.y());
      assertNear(file, "hn", h, out.hn());
      assertNear(file, "cn", c, out.cn());
      assertNear(file, "dx", restored(layout, dx, steps, batch), gradients.inputs().x());
      assertNear(file, "dh0", dh, gradients.inputs().h0());
      assertNear(file, "dc0", dc, gradients.inputs().c0());
      CellWeights<Bounded> d = gradients.weights();
      WeightSet expected = weights(file, spec, "grad.");
      assertEquals(expected.arrays().size(), dWeights.arrays().size());
      assertNear(file, "grad.weight_ih_l0", dWeights.inputWeights(), d.w());
      assertNear(file, "grad.weight_hh_l0", dWeights.recurrentWeights(), d.r());
      assertNear(file, "grad.bias_ih_l0", dWeights.inputBias(), d.inputBias());
      assertNear(file, "grad.bias_hh_l0", dWeights.recurrentBias(), d.recurrentBias());
      assertNear(file, "grad.weight_hr_l0", dWeights.projection(), d.projection());
    }
  }

  private static CellSpec spec(GoldenTensors file) {
    int[] shape = file.shape("weight_ih_l0");
    return switch (file.metadata("kind")) {
      case "LSTM" -> lstm(file, CellSpec.lstm(shape[1], shape[0] / 4));
      case "GRU" -> CellSpec.gru(shape[1], shape[0] / 3);
      default -> {
        boolean relu = file.metadata("nonlinearity").equals("relu");
        yield CellSpec.elman(shape[1], shape[0])
            .withActivation(relu ? Activation.RELU : Activation.TANH);
      }
    };
  }

  private static CellSpec lstm(GoldenTensors file, CellSpec spec) {
    boolean projected = file.has("weight_hr_l0");
    return projected ? spec.withProjection(file.shape("weight_hr_l0")[0]) : spec;
  }

  private static WeightSet weights(GoldenTensors file, CellSpec spec, String prefix) {
    return WeightSet.of(
        spec,
        WeightFormat.PYTORCH,
        floats(file, prefix + "weight_ih_l0"),
        floats(file, prefix + "weight_hh_l0"),
        floats(file, prefix + "bias_ih_l0"),
        floats(file, prefix + "bias_hh_l0"),
        null,
        spec.projectionSize() > 0 ? floats(file, prefix + "weight_hr_l0") : null);
  }

  private static float[] floats(GoldenTensors file, String name) {
    double[] values = file.values(name);
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static float[] ordered(SequenceLayout layout, float[] x, int steps, int batch) {
    int width = x.length / (steps * batch);
    return layout == SequenceLayout.TIME_MAJOR ? x : CellRun.swapAxes(x, steps, batch, width);
  }

  private static float[] restored(SequenceLayout layout, float[] x, int steps, int batch) {
    int width = x.length / (steps * batch);
    return layout == SequenceLayout.TIME_MAJOR ? x : CellRun.swapAxes(x, batch, steps, width);
  }

  private void assertNear(
      GoldenTensors file, String name, float @Nullable [] got, Tensor<Bounded> judged) {
    if (!file.has(name)) {
      assertTrue(judged.isEmpty(), name);
      return;
    }
    double[] bounds = ErrorModel.bounds(judged);
    double[] exact = file.values(name);
    assertEquals(exact.length, judged.length(), name);
    FloatAssert.assertWithin(
        requireNonNull(got), 0, exact, bounds, exact.length, where.with("tensor", name));
    double largest = Arrays.stream(exact).map(Math::abs).max().orElseThrow();
    for (double bound : bounds) {
      assertTrue(bound <= SAYS_SOMETHING * largest, name + " may be off by " + bound);
    }
  }
}

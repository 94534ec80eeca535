package dev.unroll.layer;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.cell.SequenceLayout;
import dev.unroll.internal.spi.Kernels;
import dev.unroll.io.PyTorch;
import dev.unroll.io.Safetensors;
import dev.unroll.kernel.Activation;
import dev.unroll.kernel.Activations;
import dev.unroll.testing.golden.GoldenData;
import dev.unroll.testing.golden.GoldenLayers;
import dev.unroll.testing.golden.GoldenTensors;
import dev.unroll.testing.reference.Tensor;
import dev.unroll.testing.tolerance.Bounded;
import dev.unroll.testing.tolerance.ErrorModel;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole modules that PyTorch ran in double precision over sequences of different lengths, forward
 * and backward: within the rigorous bound, value by value, and within the limit of gradients, norm
 * by norm.
 */
final class StackGoldenTest {

  private static final ErrorModel MODEL =
      ErrorModel.ofFloat(Activations.SIGMOID_ULP, Activations.TANH_ULP);

  private static final double RELATIVE = 1e-6;

  @ParameterizedTest
  @ValueSource(strings = {GoldenData.LSTM_STACK, GoldenData.GRU_STACK, GoldenData.ELMAN_STACK})
  void aModuleOfPyTorchIsReproduced(String name) throws IOException {
    GoldenTensors golden = GoldenTensors.load(name);
    GoldenLayers layers = new GoldenLayers(golden);
    Map<String, Tensor<Bounded>> judged = layers.results(MODEL);
    Map<String, float[]> got = kernels(name, golden, layers);
    assertEquals(judged.keySet(), got.keySet());
    Reproducer where =
        Reproducer.of(name).twin(Kernels.get().name()).width(Kernels.get().vectorBits());
    double size = (double) golden.shape("x")[0] * golden.shape("weight_hh_l0")[1];
    for (Map.Entry<String, float[]> entry : got.entrySet()) {
      String tensor = entry.getKey();
      float[] values = entry.getValue();
      double[] exact = golden.values(tensor);
      double[] bounds = ErrorModel.bounds(requireNonNull(judged.get(tensor)));
      FloatAssert.assertWithin(
          values, 0, exact, bounds, exact.length, where.with("tensor", tensor));
      double off = 0;
      double norm = 0;
      for (int i = 0; i < exact.length; i++) {
        off += (values[i] - exact[i]) * (values[i] - exact[i]);
        norm += exact[i] * exact[i];
      }
      double relative = Math.sqrt(off / norm);
      assertTrue(relative <= RELATIVE * Math.sqrt(size), () -> tensor + " is off by " + relative);
    }
  }

  private static Map<String, float[]> kernels(
      String name, GoldenTensors golden, GoldenLayers layers) throws IOException {
    Safetensors file;
    try (InputStream in = GoldenData.open(name)) {
      file = Safetensors.read(in);
    }
    String function = golden.metadata("nonlinearity").toUpperCase(Locale.ROOT);
    StackWeights weights =
        function.isEmpty()
            ? PyTorch.stack(file, "")
            : PyTorch.stack(file, "", Activation.valueOf(function));
    StackSpec spec = weights.spec();
    int steps = golden.shape("x")[0];
    int batch = golden.shape("x")[1];
    float[] x = file.floats("x");
    float[] y = new float[steps * batch * spec.outputSize()];
    float[] h = file.floats("h0");
    float[] c = spec.hasCell() ? file.floats("c0") : null;
    StackTrainer trainer = StackTrainer.of(spec);
    trainer.load(weights);
    trainer.forward(SequenceLayout.TIME_MAJOR, steps, batch, layers.lengths(), x, y, h, c);
    float[] dx = new float[x.length];
    float[] dh = file.floats("dhn");
    float[] dc = spec.hasCell() ? file.floats("dcn") : null;
    StackWeights d = StackWeights.zeros(spec);
    trainer.backward(x, 0, file.floats("dy"), 0, dh, 0, dc, 0, dx, 0, d, false);
    Map<String, float[]> got = new HashMap<>(Map.of("y", y, "hn", h, "dx", dx, "dh0", dh));
    if (c != null && dc != null) {
      got.put("cn", c);
      got.put("dc0", dc);
    }
    for (int part = 0; part < spec.parts(); part++) {
      String suffix = layers.suffixes().get(part);
      got.put("grad.weight_ih" + suffix, d.part(part).inputWeights());
      got.put("grad.weight_hh" + suffix, d.part(part).recurrentWeights());
      got.put("grad.bias_ih" + suffix, requireNonNull(d.part(part).inputBias()));
      got.put("grad.bias_hh" + suffix, requireNonNull(d.part(part).recurrentBias()));
    }
    return got;
  }
}

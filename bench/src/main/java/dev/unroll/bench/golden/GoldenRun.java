package dev.unroll.bench.golden;

import static java.util.Objects.requireNonNull;

import dev.unroll.cell.SequenceLayout;
import dev.unroll.cell.WeightSet;
import dev.unroll.io.PyTorch;
import dev.unroll.io.Safetensors;
import dev.unroll.kernel.Activation;
import dev.unroll.kernel.Activations;
import dev.unroll.layer.StackSpec;
import dev.unroll.layer.StackTrainer;
import dev.unroll.layer.StackWeights;
import dev.unroll.testing.golden.GoldenLayers;
import dev.unroll.testing.golden.GoldenTensors;
import dev.unroll.testing.reference.Tensor;
import dev.unroll.testing.tolerance.Bounded;
import dev.unroll.testing.tolerance.ErrorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Recurrent layers that PyTorch ran in double precision, forward and backward, run again by the
 * kernels in float from the same weights and inputs.
 *
 * <p>Each value has a bound of its own: what float arithmetic may be off at most, carried through
 * all operations by {@link ErrorModel}. That is rigorous, and far from tight where errors pass
 * through many steps and layers; so each tensor also has a limit for its relative error in the
 * 2-norm, {@code 1e-6 sqrt(T H)}, as roundings that know nothing of each other add up.
 */
public final class GoldenRun {

  /**
   * A tensor beside its recorded values.
   *
   * @param name in the file
   * @param values how many it has
   * @param error the largest difference
   * @param share the largest part of its bound that a value is off: above 1 it is exceeded
   * @param bound the largest bound
   * @param relative the norm of all differences, by that of the recorded values
   * @param limit what {@code relative} may be
   */
  public record Result(
      String name,
      int values,
      double error,
      double share,
      double bound,
      double relative,
      double limit) {

    /** Whether every value is within its bound, and all together within their limit. */
    public boolean within() {
      return share <= 1 && relative <= limit;
    }
  }

  private static final double RELATIVE = 1e-6;

  private final String name;
  private final GoldenTensors golden;
  private final Safetensors file;

  /**
   * Reads a file.
   *
   * @param name what messages call it
   * @param bytes all of it
   * @throws IOException if it is not a safetensors file
   */
  public GoldenRun(String name, byte[] bytes) throws IOException {
    this.name = name;
    golden = GoldenTensors.read(name, new ByteArrayInputStream(bytes));
    file = Safetensors.of(bytes);
  }

  /**
   * Runs it there and back and compares all results that it has.
   *
   * @throws IOException if it has none, or lacks what it takes to run
   */
  public List<Result> run() throws IOException {
    GoldenLayers layers = new GoldenLayers(golden);
    Map<String, Tensor<Bounded>> bounds =
        layers.results(ErrorModel.ofFloat(Activations.SIGMOID_ULP, Activations.TANH_ULP));
    List<Result> results = new ArrayList<>();
    float[] nothing = {};
    Map<String, float[]> got = kernels(layers);
    for (Map.Entry<String, Tensor<Bounded>> entry : bounds.entrySet()) {
      String tensor = entry.getKey();
      if (golden.has(tensor)) {
        results.add(
            compare(
                tensor,
                got.getOrDefault(tensor, nothing),
                golden.values(tensor),
                ErrorModel.bounds(entry.getValue())));
      }
    }
    if (results.isEmpty()) {
      throw new IOException(name + " has no results to compare with: y, hn, dx, grad.*");
    }
    return results;
  }

  /**
   * What it costs to store the weights as bfloat16, for each output that the file has.
   *
   * @throws IOException if it lacks what it takes to run forward
   * @throws IllegalStateException when the stored weights give other bits than f32 arithmetic on
   *     weights that were rounded beforehand
   */
  public List<Bf16Cost.Row> bf16() throws IOException {
    return new Bf16Cost(this, new GoldenLayers(golden).lengths()).rows();
  }

  String name() {
    return name;
  }

  GoldenTensors golden() {
    return golden;
  }

  Safetensors file() {
    return file;
  }

  /** The file's weights, in arrays of their own. */
  StackWeights weights() throws IOException {
    String function = golden.metadata("nonlinearity").toUpperCase(Locale.ROOT);
    return PyTorch.stack(
        file, "", function.isEmpty() ? Activation.TANH : Activation.valueOf(function));
  }

  private Result compare(String tensor, float[] got, double[] want, double[] bounds)
      throws IOException {
    if (got.length != want.length || bounds.length != want.length) {
      throw new IOException(
          name + ": " + tensor + " has " + want.length + " values, not " + got.length);
    }
    double error = 0;
    double share = 0;
    double bound = 0;
    double off2 = 0;
    double want2 = 0;
    for (int i = 0; i < want.length; i++) {
      double off = Math.abs(got[i] - want[i]);
      // What has no error, such as padding, has no bound either.
      double part = off == 0 ? 0 : off / bounds[i];
      error = Math.max(error, off);
      share = Double.isNaN(part) ? Double.POSITIVE_INFINITY : Math.max(share, part);
      bound = Math.max(bound, bounds[i]);
      off2 += off * off;
      want2 += want[i] * want[i];
    }
    double relative = off2 == 0 ? 0 : Math.sqrt(off2 / want2);
    double size = (double) golden.shape("x")[0] * golden.shape("weight_hh_l0")[1];
    double limit = RELATIVE * Math.sqrt(size);
    return new Result(tensor, want.length, error, share, bound, relative, limit);
  }

  /** What the kernels of this process give, by the names of the file. */
  private Map<String, float[]> kernels(GoldenLayers layers) throws IOException {
    StackWeights weights = weights();
    StackSpec spec = weights.spec();
    int steps = golden.shape("x")[0];
    int batch = golden.shape("x")[1];
    boolean cells = spec.hasCell();
    float[] x = file.floats("x");
    float[] y = new float[steps * batch * spec.outputSize()];
    float[] h = file.floats("h0");
    float @Nullable [] c = cells ? file.floats("c0") : null;
    StackTrainer trainer = StackTrainer.of(spec);
    trainer.load(weights);
    trainer.forward(SequenceLayout.TIME_MAJOR, steps, batch, layers.lengths(), x, y, h, c);
    float[] dx = new float[x.length];
    float[] dh = file.floats("dhn");
    float @Nullable [] dc = cells ? file.floats("dcn") : null;
    StackWeights gradients = StackWeights.zeros(spec);
    trainer.backward(x, 0, file.floats("dy"), 0, dh, 0, dc, 0, dx, 0, gradients, false);
    Map<String, float[]> got = new LinkedHashMap<>();
    got.put("y", y);
    got.put("hn", h);
    got.put("dx", dx);
    got.put("dh0", dh);
    if (cells) {
      got.put("cn", requireNonNull(c));
      got.put("dc0", requireNonNull(dc));
    }
    for (int part : IntStream.range(0, spec.parts()).toArray()) {
      String suffix = layers.suffixes().get(part);
      WeightSet d = gradients.part(part);
      put(got, "grad.weight_ih" + suffix, d.inputWeights());
      put(got, "grad.weight_hh" + suffix, d.recurrentWeights());
      put(got, "grad.bias_ih" + suffix, d.inputBias());
      put(got, "grad.bias_hh" + suffix, d.recurrentBias());
      put(got, "grad.weight_hr" + suffix, d.projection());
    }
    return got;
  }

  private static void put(Map<String, float[]> got, String tensor, float @Nullable [] values) {
    if (values != null) {
      got.put(tensor, values);
    }
  }
}

package dev.unroll.layer;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.cell.CellSpec;
import dev.unroll.cell.JudgedCell;
import dev.unroll.cell.SequenceLayout;
import dev.unroll.kernel.Activations;
import dev.unroll.testing.reference.Arithmetic;
import dev.unroll.testing.reference.CellWeights;
import dev.unroll.testing.reference.Plain;
import dev.unroll.testing.reference.Real;
import dev.unroll.testing.reference.ReferenceStack;
import dev.unroll.testing.reference.ReferenceStack.Gradients;
import dev.unroll.testing.reference.ReferenceStack.Last;
import dev.unroll.testing.reference.ReferenceStack.Layer;
import dev.unroll.testing.reference.ReferenceStack.Merge;
import dev.unroll.testing.reference.ReferenceStack.Outputs;
import dev.unroll.testing.reference.ReferenceStack.Part;
import dev.unroll.testing.reference.Tensor;
import dev.unroll.testing.tolerance.Bounded;
import dev.unroll.testing.tolerance.ErrorModel;
import dev.unroll.testing.tolerance.FloatAssert;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Layers, directions, sums and residuals against the reference: values and gradients each within
 * the bound that follows from the rounding of every operation, and gradients within the limit that
 * is promised.
 */
final class StackAccuracyProperties {

  /** In each of four JVMs on every build. */
  private static final int TRIES = 12;

  /** Multiplications of a pass: the reference makes an object of each number. */
  private static final int WORK = 12_000;

  private static final ErrorModel MODEL =
      ErrorModel.ofFloat(Activations.SIGMOID_ULP, Activations.TANH_ULP);

  /** The promise of gradients: relative, times sqrt(T H), for each layer that they go through. */
  private static final double GRADIENT_LIMIT = 1e-6;

  @Provide
  Arbitrary<StackCase> cases() {
    return StackArbitraries.cases().map(StackAccuracyProperties::few).filter(of -> of.batch() > 0);
  }

  /** Few rows, and as many steps as the work allows, at least two. */
  private static StackCase few(StackCase of) {
    int[] lengths = Arrays.copyOf(of.lengths(), Math.min(3, of.batch()));
    long step = 0;
    for (int layer = 0; layer < of.spec().layers(); layer++) {
      CellSpec cell = of.spec().cell(layer);
      int row = cell.gates() * cell.hiddenSize() * (cell.inputSize() + cell.outputSize());
      step += (long) row * lengths.length * of.spec().directions();
    }
    int most = (int) Math.max(2, WORK / Math.max(1, step));
    for (int n = 0; n < lengths.length; n++) {
      lengths[n] = Math.min(lengths[n], most);
    }
    return new StackCase(of.spec(), Math.min(of.steps(), most), lengths, of.seed());
  }

  /** Every kind of residual: around all layers, all but the first, and of two directions. */
  private static List<StackSpec> residuals() {
    return List.of(
        StackSpec.of(CellSpec.lstm(5, 5), 3).withResiduals(),
        StackSpec.of(CellSpec.gru(3, 6), 3).withResiduals(),
        StackSpec.of(CellSpec.elman(4, 4), 2).bidirectional(StackSpec.Merge.SUM).withResiduals(),
        StackSpec.of(CellSpec.lstm(8, 9).withProjection(4), 2)
            .bidirectional(StackSpec.Merge.CONCATENATE)
            .withResiduals());
  }

  @Property(tries = TRIES)
  void stacksStayWithinTheBound(@ForAll("cases") StackCase of, @ForAll SequenceLayout layout) {
    assertWithinBound(of, layout);
  }

  @Example
  void residualsStayWithinTheBound() {
    for (StackSpec spec : residuals()) {
      assertTrue(spec.residual(spec.layers() - 1), spec::toString);
      assertWithinBound(new StackCase(spec, 4, new int[] {4, 0, 2}, 3), SequenceLayout.BATCH_MAJOR);
    }
  }

  private static void assertWithinBound(StackCase of, SequenceLayout layout) {
    Map<String, float[]> got = got(StackRun.train(of, layout), of);
    Map<String, Tensor<Bounded>> exact = exact(MODEL, of);
    assertEquals(exact.keySet(), got.keySet());
    got.forEach(
        (name, values) ->
            FloatAssert.assertWithin(
                values, 0, requireNonNull(exact.get(name)), of.where().with("array", name)));
  }

  /** What is promised: relative to the norm of each gradient. */
  @Example
  void gradientsThroughResidualsStayWithinThePromisedLimit() {
    for (StackSpec spec : residuals()) {
      StackCase of = new StackCase(spec, 20, new int[] {20, 13}, 5);
      Map<String, float[]> got = got(StackRun.train(of, SequenceLayout.TIME_MAJOR), of);
      double limit =
          GRADIENT_LIMIT * Math.sqrt(of.steps() * (double) spec.hiddenSize()) * spec.layers();
      exact(Plain.ARITHMETIC, of)
          .forEach((name, tensor) -> assertNear(name, got, tensor.values(), limit, of));
    }
  }

  private static void assertNear(
      String name, Map<String, float[]> got, double[] exact, double limit, StackCase of) {
    float[] values = requireNonNull(got.get(name));
    double off = 0;
    double norm = 0;
    for (int i = 0; i < exact.length; i++) {
      off += (values[i] - exact[i]) * (values[i] - exact[i]);
      norm += exact[i] * exact[i];
    }
    double relative = Math.sqrt(off / norm);
    assertTrue(
        off == 0 || relative <= limit,
        () -> name + " is off by " + relative + ", allowed " + limit + " " + of.where().line());
  }

  // The same names on both sides: values, gradients, and those of each part

  private static Map<String, float[]> got(StackRun run, StackCase of) {
    StackSpec spec = of.spec();
    Map<String, float[]> all = new LinkedHashMap<>(Map.of("y", run.y(), "dx", run.dx()));
    for (int part = 0; part < spec.parts(); part++) {
      int states = of.batch() * spec.stateSize();
      int cells = spec.hasCell() ? of.batch() * spec.hiddenSize() : 0;
      all.put("hn " + part, slice(run.h(), part, states));
      all.put("dh0 " + part, slice(run.dh(), part, states));
      all.put("cn " + part, slice(run.c(), part, cells));
      all.put("dc0 " + part, slice(run.dc(), part, cells));
      CellWeights<Plain> weights = weights(Plain.ARITHMETIC, requireNonNull(run.gradients()), part);
      String of0 = " " + part;
      weights.named().forEach((name, values) -> all.put("d" + name + of0, floats(values)));
    }
    return all;
  }

  private static <V extends Real<V>> Map<String, Tensor<V>> exact(Arithmetic<V> by, StackCase of) {
    StackSpec spec = of.spec();
    List<Layer> layers = new ArrayList<>();
    for (int layer = 0; layer < spec.layers(); layer++) {
      Merge merge = Merge.valueOf(spec.merge().name());
      boolean both = spec.directions() > 1;
      JudgedCell cell = new JudgedCell(spec.cell(layer), of.steps(), of.batch());
      layers.add(new Layer(cell.reference(), both, merge, spec.residual(layer)));
    }
    ReferenceStack reference = new ReferenceStack(layers);
    List<Part<V>> parts = new ArrayList<>();
    List<Last<V>> dLast = new ArrayList<>();
    for (int part = 0; part < spec.parts(); part++) {
      parts.add(
          new Part<>(
              weights(by, of.weights(), part),
              state(by, of, of.h(0), part, spec.stateSize()),
              cell(by, of, of.c(0), part)));
      dLast.add(
          new Last<>(state(by, of, of.h(2), part, spec.stateSize()), cell(by, of, of.c(2), part)));
    }
    Tensor<V> x = sequence(by, of, of.x(), spec.inputSize());
    Tensor<V> dy = sequence(by, of, of.dy(), spec.outputSize());
    Outputs<V> out = reference.forward(by, x, parts, of.lengths());
    Gradients<V> gradients =
        reference.backward(by, x, parts, of.lengths(), new Outputs<>(dy, dLast));
    Map<String, Tensor<V>> all = new LinkedHashMap<>(Map.of("y", out.y(), "dx", gradients.dx()));
    for (int part = 0; part < spec.parts(); part++) {
      Part<V> d = gradients.parts().get(part);
      all.put("hn " + part, out.last().get(part).hn());
      all.put("dh0 " + part, d.h0());
      all.put("cn " + part, out.last().get(part).cn());
      all.put("dc0 " + part, d.c0());
      CellWeights<V> weights = d.weights();
      boolean bias = of.weights().part(part).inputBias() != null;
      String of0 = " " + part;
      // Biases that the cell does not have are 0, and so are their gradients.
      weights
          .named()
          .forEach(
              (name, values) ->
                  all.put(
                      "d" + name + of0,
                      bias || !name.startsWith("b") ? values : Tensor.zeros(by, values.shape())));
    }
    return all;
  }

  private static <V extends Real<V>> CellWeights<V> weights(
      Arithmetic<V> by, StackWeights of, int part) {
    return new JudgedCell(of.part(part).spec(), 0, 0).weights(by, of.part(part));
  }

  private static float[] slice(float[] values, int part, int length) {
    return Arrays.copyOfRange(values, part * length, (part + 1) * length);
  }

  private static float[] floats(Tensor<Plain> values) {
    float[] floats = new float[values.length()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values.at(i).value();
    }
    return floats;
  }

  /** Padding is NaN in the case, so that nobody reads it, and nothing for the reference. */
  private static <V extends Real<V>> Tensor<V> sequence(
      Arithmetic<V> by, StackCase of, float[] values, int width) {
    float[] valid = values.clone();
    for (int i = 0; i < valid.length; i++) {
      valid[i] = Float.isNaN(valid[i]) ? 0 : valid[i];
    }
    return Tensor.of(by, valid, of.steps(), of.batch(), width);
  }

  private static <V extends Real<V>> Tensor<V> state(
      Arithmetic<V> by, StackCase of, float[] values, int part, int width) {
    return Tensor.of(by, slice(values, part, of.batch() * width), of.batch(), width);
  }

  private static <V extends Real<V>> Tensor<V> cell(
      Arithmetic<V> by, StackCase of, float[] values, int part) {
    int units = of.spec().hiddenSize();
    return of.spec().hasCell() ? state(by, of, values, part, units) : Tensor.none();
  }
}

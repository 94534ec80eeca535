package dev.unroll.bench.study;

import dev.unroll.cell.CellSpec;
import dev.unroll.cell.WeightSet;
import dev.unroll.flow.CellJacobian;
import dev.unroll.flow.Diagnosis;
import dev.unroll.flow.GradientBounds;
import dev.unroll.flow.JacobianProduct;
import dev.unroll.flow.LinearOperator;
import dev.unroll.flow.OperatorNorm;
import dev.unroll.flow.StackFlow;
import dev.unroll.layer.StackSpec;
import dev.unroll.layer.StackWeights;
import dev.unroll.train.Initializers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Networks on the production kernels: what a probe in their backward pass hears, beside their
 * Lyapunov exponents, and the verdicts.
 */
final class DiagnosisStudy implements Study {

  private static final String EXPONENT = "its lambda_1";
  private static final int UNITS = 32;
  private static final int IN = 4;
  private static final int STEPS = 60;
  private static final int LAGS = 20;

  /** A forget gate that is open to 98 %: 60 steps cost a factor of 3. */
  private static final float OPEN = 4;

  @Override
  public String name() {
    return "diagnosis";
  }

  @Override
  public String title() {
    return "Diagnosis of networks that fail, and of one that is well";
  }

  @Override
  public int parts() {
    return 6;
  }

  @Override
  public StudyResult run(Consumer<String> progress) {
    List<Row> rows = new ArrayList<>();
    List<String> figures = new ArrayList<>();
    StringBuilder report = new StringBuilder();
    progress.accept("a plain network");
    StackWeights plain = drawn(CellSpec.elman(IN, UNITS), 1, false, 1);
    judge("RNN, R as drawn", plain, STEPS, Diagnosis.Verdict.VANISHING, rows, figures, report);
    progress.accept("a network of large weights");
    StackWeights large = drawn(CellSpec.elman(IN, UNITS), 1, false, 2);
    scale(large.part(0).recurrentWeights(), 6);
    judge(
        "RNN, six times that R",
        large,
        2 * STEPS,
        Diagnosis.Verdict.EXPLODING,
        rows,
        figures,
        report);
    progress.accept("an LSTM");
    StackWeights open = drawn(CellSpec.lstm(IN, UNITS), 1, false, 3);
    open(open.part(0));
    judge(
        "LSTM, open forget gate",
        open,
        4 * STEPS,
        Diagnosis.Verdict.HEALTHY,
        rows,
        figures,
        report);
    progress.accept("layers and directions");
    StackWeights deep = drawn(CellSpec.gru(IN, UNITS), 2, true, 4);
    judge("GRU, 2 layers, both directions", deep, STEPS, null, rows, figures, report);
    progress.accept("bounds");
    bounds(plain.part(0), rows);
    progress.accept("bounds of gated cells");
    products(open.part(0), rows);
    products(deep.part(0), rows);
    return new StudyResult(
            name(),
            title(),
            "Norms of dL/dh_t as the probe hears them in the production kernels' backward pass,"
                + " from a loss at the last step; broken lines are where the largest Lyapunov"
                + " exponent of the layer's Jacobians leads. Layers below another one are fed"
                + " gradient at every step, so theirs do not follow it.",
            rows,
            figures)
        .withReport(report.toString());
  }

  private static StackWeights drawn(CellSpec cell, int layers, boolean both, long seed) {
    StackSpec spec = StackSpec.of(cell, layers);
    if (both) {
      spec = spec.bidirectional(StackSpec.Merge.CONCATENATE);
    }
    StackWeights weights = StackWeights.zeros(spec);
    var random = Initializers.seeded(seed);
    for (WeightSet part : weights.parts()) {
      Initializers.recurrent(random, part);
    }
    return weights;
  }

  private static void scale(float[] values, float factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
  }

  private static void open(WeightSet lstm) {
    float[] bias = lstm.inputBias();
    if (bias != null) {
      // Gates are i f g o.
      Arrays.fill(bias, UNITS, 2 * UNITS, OPEN);
    }
  }

  private static float[] normal(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static void judge(
      String what,
      StackWeights weights,
      int steps,
      Diagnosis.@Nullable Verdict verdict,
      List<Row> rows,
      List<String> figures,
      StringBuilder report) {
    StackSpec spec = weights.spec();
    Random random = new Random(5);
    float[] x = normal(random, steps * spec.inputSize());
    float[] dh = new float[spec.parts() * spec.stateSize()];
    int last = spec.directions() * spec.stateSize();
    System.arraycopy(normal(random, last), 0, dh, dh.length - last, last);
    Diagnosis diagnosis = StackFlow.diagnose(weights, steps, 1, x, dh);
    report.append(what).append('\n').append(diagnosis.describe()).append('\n');
    figures.add(diagnosis.toSvg(what));
    if (verdict == null) {
      for (Diagnosis.Layer layer : diagnosis.layers()) {
        rows.add(
            Row.reported(
                what + ", " + layer.name() + ": rate per step",
                EXPONENT + " " + Row.text(layer.lyapunov()),
                Row.text(layer.fit().rate()),
                "GradientNorms"));
      }
      return;
    }
    Diagnosis.Layer layer = diagnosis.layers().getFirst();
    rows.add(
        new Row(
            what + ": verdict",
            verdict.toString(),
            layer.verdict().toString(),
            "equal",
            "Diagnosis",
            layer.verdict() == verdict));
    double rate = layer.fit().rate();
    if (verdict == Diagnosis.Verdict.HEALTHY) {
      double limit = Math.log(Diagnosis.LARGE) / steps;
      rows.add(Row.atMost(what + ": |rate| per step", limit, Math.abs(rate), "factor 1000"));
      rows.add(Row.atMost(what + ": |lambda_1|", limit, Math.abs(layer.lyapunov()), "factor 1000"));
    } else {
      // 5 %, and a factor of e for the steps in which either one turns into the leading direction.
      double tolerance = 0.05 * Math.abs(layer.lyapunov()) + 1.0 / steps;
      rows.add(Row.near(what + ": rate per step", layer.lyapunov(), rate, tolerance, EXPONENT));
    }
  }

  /** Norms of products of an Elman cell's Jacobians, and the power that bounds them. */
  private static void bounds(WeightSet weights, List<Row> rows) {
    double[] r = new double[UNITS * UNITS];
    Arrays.setAll(r, i -> weights.recurrentWeights()[i]);
    double sigma = OperatorNorm.of(LinearOperator.dense(UNITS, UNITS, r));
    List<LinearOperator> factors =
        new CellJacobian(weights)
            .steps(LAGS, normal(new Random(6), LAGS * IN), new float[UNITS], null);
    for (int lag : new int[] {1, 5, LAGS}) {
      double norm = OperatorNorm.of(new JacobianProduct(factors.subList(LAGS - lag, LAGS)));
      rows.add(
          Row.atMost(
              "RNN: |dh_t/dh_{t-" + lag + "}|, bound (gamma sigma)^k",
              GradientBounds.jacobianNorm(1, sigma, lag),
              norm,
              "Pascanu 2013"));
    }
  }

  /** Gates have no such power, but a product is never longer than its factors together. */
  private static void products(WeightSet weights, List<Row> rows) {
    CellSpec spec = weights.spec();
    float @Nullable [] c = spec.hasCell() ? new float[UNITS] : null;
    List<LinearOperator> factors =
        new CellJacobian(weights)
            .steps(LAGS, normal(new Random(6), LAGS * IN), new float[UNITS], c);
    double bound = 1;
    for (LinearOperator factor : factors) {
      bound *= OperatorNorm.of(factor);
    }
    rows.add(
        Row.atMost(
            spec.kind() + ": |ds_t/ds_{t-" + LAGS + "}|, bound by its factors",
            bound,
            OperatorNorm.of(new JacobianProduct(factors)),
            "submultiplicative"));
  }
}

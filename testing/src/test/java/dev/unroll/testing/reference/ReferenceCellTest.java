package dev.unroll.testing.reference;

import static dev.unroll.testing.reference.Plain.ARITHMETIC;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.reference.ReferenceElman.Convention;
import dev.unroll.testing.reference.ReferenceGru.Reset;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What all cells have in common: lengths, pieces of time, rows on their own; and each by hand. */
class ReferenceCellTest {

  static List<CellSample> samples() {
    return CellSample.ragged(2, 3, 7);
  }

  private static Tensor<Plain> row(double... values) {
    return Tensor.of(ARITHMETIC, values, values.length);
  }

  private static Tensor<Plain> matrix(int rows, double... values) {
    return Tensor.of(ARITHMETIC, values, rows, values.length / rows);
  }

  private static CellInputs<Plain> oneStep(double x, double h) {
    return new CellInputs<>(
        Tensor.of(ARITHMETIC, new double[] {x}, 1, 1, 1), matrix(1, h), Tensor.none());
  }

  @Test
  void elmanByHand() {
    CellWeights<Plain> weights =
        new CellWeights<>(matrix(1, 0.5), matrix(1, -2), row(0.25), row(-1));
    double post = 0.5 * 3 - 2 * 0.75 + 0.25 - 1;
    for (ReferenceActivation activation : ReferenceActivation.values()) {
      double pre = 0.5 * 3 - 2 * activation.of(new Plain(0.75)).value() + 0.25 - 1;
      assertEquals(
          activation.of(new Plain(post)).value(),
          new ReferenceElman(1, 1, activation)
              .forward(weights, oneStep(3, 0.75))
              .hn()
              .at(0)
              .value());
      assertEquals(
          pre,
          new ReferenceElman(1, 1, activation, Convention.PRE_ACTIVATION)
              .forward(weights, oneStep(3, 0.75))
              .hn()
              .at(0)
              .value());
    }
  }

  @Test
  void gruByHand() {
    CellWeights<Plain> weights =
        new CellWeights<>(
            matrix(3, 0.5, -1, 2), matrix(3, 1, 0.5, -0.75), row(0.1, 0.2, 0.3), row(-0.4, 0.3, 2));
    double x = 0.75;
    double h = -0.5;
    double r = ReferenceActivations.sigmoid(0.5 * x + 1 * h + 0.1 - 0.4);
    double z = ReferenceActivations.sigmoid(-1 * x + 0.5 * h + 0.2 + 0.3);
    double after = Math.tanh(2 * x + 0.3 + r * (-0.75 * h + 2));
    double before = Math.tanh(2 * x + 0.3 - 0.75 * (r * h) + 2);
    assertEquals(
        (1 - z) * after + z * h,
        new ReferenceGru(1, 1, Reset.AFTER).forward(weights, oneStep(x, h)).hn().at(0).value(),
        1e-15);
    assertEquals(
        (1 - z) * before + z * h,
        new ReferenceGru(1, 1, Reset.BEFORE).forward(weights, oneStep(x, h)).hn().at(0).value(),
        1e-15);
  }

  /** x_t of the one convention is what the other applies f to. */
  @Test
  void theConventionsOfElmanAreConjugate() {
    for (ReferenceActivation activation : ReferenceActivation.values()) {
      ReferenceElman pre = new ReferenceElman(2, 3, activation, Convention.PRE_ACTIVATION);
      CellSample sample = new CellSample(pre, 5, new int[] {5, 3}, 1, false, 3);
      CellInputs<Plain> in = sample.inputs();
      Tensor<Plain> h0 = in.h0().copy();
      for (int i = 0; i < h0.length(); i++) {
        h0.set(activation.of(h0.at(i)), i);
      }
      double[] x = pre.forward(sample.weights(), in).hn().values();
      double[] h =
          new ReferenceElman(2, 3, activation)
              .forward(sample.weights(), new CellInputs<>(in.x(), h0, Tensor.none(), in.lengths()))
              .hn()
              .values();
      for (int i = 0; i < x.length; i++) {
        assertEquals(activation.of(new Plain(x[i])).value(), h[i], 1e-15 * 5);
      }
    }
  }

  /** A row of a ragged batch is that row run alone; the gradients of weights are their sum. */
  @ParameterizedTest
  @MethodSource("samples")
  void rowsAreRunAlone(CellSample sample) {
    ReferenceCell cell = sample.cell();
    CellOutputs<Plain> whole = cell.forward(sample.weights(), sample.inputs());
    CellOutputs<Plain> d = sample.outputGradient();
    CellGradients<Plain> gradients = cell.backward(sample.weights(), sample.inputs(), d);
    double[] dR = new double[gradients.weights().r().length()];
    for (int n = 0; n < sample.lengths().length; n++) {
      int length = sample.lengths()[n];
      CellInputs<Plain> alone =
          new CellInputs<>(
              cut(sample.inputs().x(), n, length),
              rowOf(sample.inputs().h0(), n),
              rowOf(sample.inputs().c0(), n));
      CellOutputs<Plain> out = cell.forward(sample.weights(), alone);
      assertArrayEquals(out.y().values(), cut(whole.y(), n, length).values());
      assertArrayEquals(out.hn().values(), rowOf(whole.hn(), n).values());
      assertArrayEquals(out.cn().values(), rowOf(whole.cn(), n).values());
      CellGradients<Plain> own =
          cell.backward(
              sample.weights(),
              alone,
              new CellOutputs<>(cut(d.y(), n, length), rowOf(d.hn(), n), rowOf(d.cn(), n)));
      assertArrayEquals(own.inputs().x().values(), cut(gradients.inputs().x(), n, length).values());
      assertArrayEquals(own.inputs().h0().values(), rowOf(gradients.inputs().h0(), n).values());
      assertArrayEquals(own.inputs().c0().values(), rowOf(gradients.inputs().c0(), n).values());
      for (int i = 0; i < dR.length; i++) {
        dR[i] += own.weights().r().at(i).value();
      }
      for (int t = length; t < sample.steps(); t++) {
        assertZero(whole.y(), t, n);
        assertZero(gradients.inputs().x(), t, n);
      }
    }
    assertArrayEquals(dR, gradients.weights().r().values(), 1e-14);
  }

  /** Garbage beyond a length, in x as in dy, is not read. */
  @ParameterizedTest
  @MethodSource("samples")
  void paddingIsNotRead(CellSample sample) {
    CellInputs<Plain> in = sample.inputs();
    CellOutputs<Plain> d = sample.outputGradient();
    CellOutputs<Plain> clean = sample.cell().forward(sample.weights(), in);
    CellGradients<Plain> gradients = sample.cell().backward(sample.weights(), in, d);
    for (int n = 0; n < sample.lengths().length; n++) {
      for (int t = sample.lengths()[n]; t < sample.steps(); t++) {
        in.x().set(new Plain(Double.NaN), t, n, 0);
        d.y().set(new Plain(Double.NaN), t, n, 0);
      }
    }
    CellOutputs<Plain> dirty = sample.cell().forward(sample.weights(), in);
    assertArrayEquals(clean.y().values(), dirty.y().values());
    CellGradients<Plain> same = sample.cell().backward(sample.weights(), in, d);
    gradients
        .named()
        .forEach(
            (name, tensor) ->
                assertArrayEquals(
                    tensor.values(),
                    Objects.requireNonNull(same.named().get(name)).values(),
                    name));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void noStepsLeaveTheStateAndItsGradient(CellSample sample) {
    CellSample none = new CellSample(sample.cell(), 0, new int[] {0, 0}, 1, false, sample.seed());
    CellInputs<Plain> in = none.inputs();
    CellOutputs<Plain> out = none.cell().forward(none.weights(), in);
    assertEquals(0, out.y().length());
    assertArrayEquals(in.h0().values(), out.hn().values());
    assertArrayEquals(in.c0().values(), out.cn().values());
    CellGradients<Plain> gradients =
        none.cell().backward(none.weights(), in, none.outputGradient());
    assertArrayEquals(none.outputGradient().hn().values(), gradients.inputs().h0().values());
    assertArrayEquals(none.outputGradient().cn().values(), gradients.inputs().c0().values());
    assertTrue(Arrays.stream(gradients.weights().w().values()).allMatch(v -> v == 0));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void wrongShapesAreNamed(CellSample sample) {
    CellWeights<Plain> w = sample.weights();
    CellInputs<Plain> in = sample.inputs();
    CellWeights<Plain> swapped =
        new CellWeights<>(
            w.w(), w.inputBias(), w.inputBias(), w.recurrentBias(), w.projection(), w.peepholes());
    assertNames("R", () -> sample.cell().forward(swapped, in));
    CellInputs<Plain> noState = new CellInputs<>(in.x(), Tensor.none(), in.c0(), in.lengths());
    assertNames("h0", () -> sample.cell().forward(w, noState));
    CellOutputs<Plain> d = sample.outputGradient();
    CellOutputs<Plain> noLast = new CellOutputs<>(d.y(), Tensor.none(), d.cn());
    assertNames("hn", () -> sample.cell().backward(w, in, noLast));
    CellMasks wrong = new CellMasks(in.h0(), Tensor.none(), Tensor.none(), Tensor.none());
    assertNames("hidden", () -> sample.cell().forward(w, in.with(wrong)));
    assertNames(
        "length: 5", () -> new CellInputs<>(in.x(), in.h0(), in.c0(), new int[] {5, 0, 0, 0}));
  }

  /** A mask of nothing, spelled out, changes no bit. */
  @ParameterizedTest
  @MethodSource("samples")
  void masksOfNothingChangeNothing(CellSample sample) {
    CellInputs<Plain> in = sample.inputs();
    ReferenceCell cell = sample.cell();
    int n = in.batch();
    CellMasks nothing =
        new CellMasks(
            Tensor.zeros(ARITHMETIC, in.steps(), n, cell.outputSize()),
            cell.hasCellState()
                ? Tensor.zeros(ARITHMETIC, in.steps(), n, cell.hiddenSize())
                : Tensor.none(),
            ones(n, cell.inputSize()),
            ones(n, cell.outputSize()));
    CellOutputs<Plain> plain = cell.forward(sample.weights(), in);
    CellOutputs<Plain> masked = cell.forward(sample.weights(), in.with(nothing));
    assertArrayEquals(plain.y().values(), masked.y().values());
    assertArrayEquals(plain.hn().values(), masked.hn().values());
    assertArrayEquals(plain.cn().values(), masked.cn().values());
  }

  private static Tensor<Plain> ones(int rows, int columns) {
    double[] ones = new double[rows * columns];
    Arrays.fill(ones, 1);
    return Tensor.of(ARITHMETIC, ones, rows, columns);
  }

  /** What is zoned out everywhere never changes. */
  @ParameterizedTest
  @MethodSource("samples")
  void aStateThatIsZonedOutStays(CellSample sample) {
    CellInputs<Plain> in = sample.inputs();
    ReferenceCell cell = sample.cell();
    int n = in.batch();
    double[] all = new double[in.steps() * n * cell.outputSize()];
    Arrays.fill(all, 1);
    Tensor<Plain> d = Tensor.of(ARITHMETIC, all, in.steps(), n, cell.outputSize());
    CellMasks masks = new CellMasks(d, Tensor.none(), Tensor.none(), Tensor.none());
    CellOutputs<Plain> out = cell.forward(sample.weights(), in.with(masks));
    assertArrayEquals(in.h0().values(), out.hn().values());
    assertEquals(in.h0().at(0, 0), out.y().at(2, 0, 0));
  }

  /** A quarter kept, the rest from twice x and a state that no product sees. */
  @Test
  void masksByHand() {
    CellWeights<Plain> weights =
        new CellWeights<>(matrix(1, 0.5), matrix(1, -2), row(0.25), row(-1));
    CellMasks masks =
        new CellMasks(
            Tensor.of(ARITHMETIC, new double[] {0.25}, 1, 1, 1),
            Tensor.none(),
            matrix(1, 2),
            matrix(1, 0));
    double h = 0.75 * Math.tanh(0.5 * (2 * 3) + 0.25 - 1) + 0.25 * 0.75;
    assertEquals(
        h,
        new ReferenceElman(1, 1, ReferenceActivation.TANH)
            .forward(weights, oneStep(3, 0.75).with(masks))
            .hn()
            .at(0)
            .value(),
        1e-15);
  }

  private static void assertNames(String name, Runnable call) {
    String message =
        String.valueOf(assertThrows(IllegalArgumentException.class, call::run).getMessage());
    assertTrue(message.startsWith(name), message);
  }

  private static void assertZero(Tensor<Plain> tensor, int t, int n) {
    for (int p = 0; p < tensor.size(2); p++) {
      assertEquals(0.0, tensor.at(t, n, p).value());
    }
  }

  private static Tensor<Plain> cut(Tensor<Plain> from, int n, int length) {
    Tensor<Plain> cut = Tensor.zeros(ARITHMETIC, length, 1, from.size(2));
    for (int t = 0; t < length; t++) {
      for (int p = 0; p < from.size(2); p++) {
        cut.set(from.at(t, n, p), t, 0, p);
      }
    }
    return cut;
  }

  private static Tensor<Plain> rowOf(Tensor<Plain> from, int n) {
    if (from.isEmpty()) {
      return from;
    }
    Tensor<Plain> row = Tensor.zeros(ARITHMETIC, 1, from.size(1));
    for (int p = 0; p < from.size(1); p++) {
      row.set(from.at(n, p), 0, p);
    }
    return row;
  }
}

package dev.unroll.cell;

import static dev.unroll.cell.CellArgumentsTest.assertThrown;
import static dev.unroll.cell.CellArgumentsTest.nothing;
import static dev.unroll.cell.SequenceLayout.TIME_MAJOR;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.cell.CellSpec.Bias;
import dev.unroll.cell.CellSpec.Reset;
import dev.unroll.testing.data.Fill;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Weights in the formats of frameworks: where each value lies, and that results keep their bits.
 */
final class WeightSetTest {

  private static final CellSpec LSTM = CellSpec.lstm(1, 2);
  private static final CellSpec GRU = CellSpec.gru(1, 2);

  private static List<CellSpec> all() {
    return CellSpecs.all(3, 5, 4, 0.5f);
  }

  // Where values lie. Two units and one input: the digit after the point is the unit.

  @Test
  void onnxOrdersAnLstm() {
    // Gates i 1, o 2, f 3, c 4.
    float[] w = {1.1f, 1.2f, 2.1f, 2.2f, 3.1f, 3.2f, 4.1f, 4.2f};
    float[] r = new float[16];
    float[] b = new float[16];
    for (int row = 0; row < 8; row++) {
      r[2 * row] = w[row] + 10;
      r[2 * row + 1] = w[row] + 20;
      b[row] = w[row] + 30;
      b[8 + row] = w[row] + 40;
    }
    float[] p = {1.1f, 1.2f, 2.1f, 2.2f, 3.1f, 3.2f};
    WeightSet set = WeightSet.ofOnnx(LSTM.withPeepholes(), w, r, b, p);
    WeightSet ours = set.to(WeightFormat.PYTORCH);
    float[] ifgo = {1.1f, 1.2f, 3.1f, 3.2f, 4.1f, 4.2f, 2.1f, 2.2f};
    assertArrayEquals(ifgo, ours.inputWeights());
    for (int row = 0; row < 8; row++) {
      assertEquals(ifgo[row] + 10, ours.recurrentWeights()[2 * row]);
      assertEquals(ifgo[row] + 20, ours.recurrentWeights()[2 * row + 1]);
      assertEquals(ifgo[row] + 30, requireNonNull(ours.inputBias())[row]);
      assertEquals(ifgo[row] + 40, requireNonNull(ours.recurrentBias())[row]);
    }
    assertArrayEquals(new float[] {1.1f, 1.2f, 3.1f, 3.2f, 2.1f, 2.2f}, ours.peepholes());
    assertArrays(new FrameworkArrays(w, r, b, p, null), ours.toOnnx());
  }

  /** With input_forget ONNX still has the forget gate, and ignores it. */
  @Test
  void onnxKeepsTheForgetGateOfCoupledGates() {
    float[] w = {1.1f, 1.2f, 2.1f, 2.2f, Float.NaN, Float.NaN, 4.1f, 4.2f};
    float[] b = new float[16];
    Arrays.fill(b, 4, 6, Float.NaN);
    b[7] = 7;
    b[15] = 15;
    float[] p = {1.1f, 1.2f, 2.1f, 2.2f, Float.NaN, Float.NaN};
    CellSpec spec = LSTM.withPeepholes().withCoupledGates();
    WeightSet ours = WeightSet.ofOnnx(spec, w, new float[16], b, p).to(WeightFormat.PYTORCH);
    // i g o
    assertArrayEquals(new float[] {1.1f, 1.2f, 4.1f, 4.2f, 2.1f, 2.2f}, ours.inputWeights());
    assertArrayEquals(new float[] {0, 0, 0, 7, 0, 0}, ours.inputBias());
    assertArrayEquals(new float[] {0, 0, 0, 15, 0, 0}, ours.recurrentBias());
    assertArrayEquals(new float[] {1.1f, 1.2f, 2.1f, 2.2f}, ours.peepholes());
    FrameworkArrays back = ours.toOnnx();
    w[4] = 0;
    w[5] = 0;
    p[4] = 0;
    p[5] = 0;
    Arrays.fill(b, 4, 6, 0);
    assertArrays(new FrameworkArrays(w, new float[16], b, p, null), back);
  }

  @Test
  void onnxOrdersAGru() {
    // Gates z 1, r 2, h 3.
    float[] w = {1.1f, 1.2f, 2.1f, 2.2f, 3.1f, 3.2f};
    float[] r = Fill.MODERATE.array(12, 1);
    float[] b = {11, 12, 21, 22, 31, 32, -11, -12, -21, -22, -31, -32};
    WeightSet ours = WeightSet.ofOnnx(GRU, w, r, b, null).to(WeightFormat.PYTORCH);
    assertArrayEquals(new float[] {2.1f, 2.2f, 1.1f, 1.2f, 3.1f, 3.2f}, ours.inputWeights());
    assertArrayEquals(new float[] {21, 22, 11, 12, 31, 32}, ours.inputBias());
    assertArrayEquals(new float[] {-21, -22, -11, -12, -31, -32}, ours.recurrentBias());
    float[] moved = new float[12];
    System.arraycopy(r, 4, moved, 0, 4);
    System.arraycopy(r, 0, moved, 4, 4);
    System.arraycopy(r, 8, moved, 8, 4);
    assertArrayEquals(moved, ours.recurrentWeights());
    assertArrays(new FrameworkArrays(w, r, b, null, null), ours.toOnnx());
  }

  @Test
  void kerasOrdersAnLstm() {
    // Gates i 1, f 2, c 3, o 4; matrices are transposed, [I][4H] and [H][4H].
    float[] kernel = {11, 12, 21, 22, 31, 32, 41, 42, 111, 112, 121, 122, 131, 132, 141, 142};
    float[] recurrent = Fill.MODERATE.array(16, 1);
    float[] bias = {11, 12, 21, 22, 31, 32, 41, 42};
    CellSpec spec = CellSpec.lstm(2, 2).withBias(Bias.SINGLE);
    WeightSet ours = WeightSet.ofKeras(spec, kernel, recurrent, bias).to(WeightFormat.PYTORCH);
    assertArrayEquals(
        new float[] {11, 111, 12, 112, 21, 121, 22, 122, 31, 131, 32, 132, 41, 141, 42, 142},
        ours.inputWeights());
    for (int row = 0; row < 8; row++) {
      assertEquals(recurrent[row], ours.recurrentWeights()[2 * row]);
      assertEquals(recurrent[8 + row], ours.recurrentWeights()[2 * row + 1]);
    }
    assertArrayEquals(bias, ours.inputBias());
    assertArrays(new FrameworkArrays(kernel, recurrent, bias, null, null), ours.toKeras());
  }

  /** With reset_after the bias has two rows: that of the inputs and that of the states. */
  @Test
  void kerasOrdersAGru() {
    // Gates z 1, r 2, h 3.
    float[] kernel = {11, 12, 21, 22, 31, 32};
    float[] recurrent = {11, 12, 21, 22, 31, 32, 111, 112, 121, 122, 131, 132};
    float[] bias = {11, 12, 21, 22, 31, 32, -11, -12, -21, -22, -31, -32};
    WeightSet ours = WeightSet.ofKeras(GRU, kernel, recurrent, bias).to(WeightFormat.PYTORCH);
    assertArrayEquals(new float[] {21, 22, 11, 12, 31, 32}, ours.inputWeights());
    assertArrayEquals(
        new float[] {21, 121, 22, 122, 11, 111, 12, 112, 31, 131, 32, 132},
        ours.recurrentWeights());
    assertArrayEquals(new float[] {21, 22, 11, 12, 31, 32}, ours.inputBias());
    assertArrayEquals(new float[] {-21, -22, -11, -12, -31, -32}, ours.recurrentBias());
    assertArrays(new FrameworkArrays(kernel, recurrent, bias, null, null), ours.toKeras());
    CellSpec before = GRU.withReset(Reset.BEFORE).withBias(Bias.SINGLE);
    float[] one = Arrays.copyOf(bias, 6);
    WeightSet single = WeightSet.ofKeras(before, kernel, recurrent, one);
    assertArrayEquals(
        new float[] {21, 22, 11, 12, 31, 32}, single.to(WeightFormat.PYTORCH).inputBias());
    assertArrays(new FrameworkArrays(kernel, recurrent, one, null, null), single.toKeras());
  }

  @Test
  void oneDnnOrdersAnLstm() {
    // Gates i 1, f 2, c 3, o 4; peepholes i f o; the projection is [H][P].
    float[] layer = {11, 12, 21, 22, 31, 32, 41, 42};
    float[] iter = Fill.MODERATE.array(24, 1);
    float[] bias = {-11, -12, -21, -22, -31, -32, -41, -42};
    float[] peephole = {1, 2, 3, 4, 5, 6};
    float[] projection = {1, 2, 3, 101, 102, 103};
    CellSpec spec = LSTM.withBias(Bias.SINGLE).withPeepholes().withProjection(3);
    WeightSet ours =
        WeightSet.ofOneDnn(spec, layer, iter, bias, peephole, projection).to(WeightFormat.PYTORCH);
    assertArrayEquals(layer, ours.inputWeights());
    assertEquals(iter[8 + 5], ours.recurrentWeights()[5 * 3 + 1]);
    assertArrayEquals(bias, ours.inputBias());
    assertArrayEquals(peephole, ours.peepholes());
    assertArrayEquals(new float[] {1, 101, 2, 102, 3, 103}, ours.projection());
    assertArrays(new FrameworkArrays(layer, iter, bias, peephole, projection), ours.toOneDnn());
  }

  /** Linear before reset has a fourth block of biases: u, r, o, and the one of o that is reset. */
  @Test
  void oneDnnOrdersAGru() {
    float[] layer = {11, 12, 21, 22, 31, 32};
    float[] iter = {11, 12, 21, 22, 31, 32, 111, 112, 121, 122, 131, 132};
    float[] bias = {11, 12, 21, 22, 31, 32, 41, 42};
    WeightSet ours =
        WeightSet.ofOneDnn(GRU, layer, iter, bias, null, null).to(WeightFormat.PYTORCH);
    assertArrayEquals(new float[] {21, 22, 11, 12, 31, 32}, ours.inputWeights());
    assertArrayEquals(
        new float[] {21, 121, 22, 122, 11, 111, 12, 112, 31, 131, 32, 132},
        ours.recurrentWeights());
    assertArrayEquals(new float[] {21, 22, 11, 12, 31, 32}, ours.inputBias());
    assertArrayEquals(new float[] {-0f, -0f, -0f, -0f, 41, 42}, ours.recurrentBias());
    assertArrays(new FrameworkArrays(layer, iter, bias, null, null), ours.toOneDnn());
    // Two biases of r and z become their sums.
    requireNonNull(ours.recurrentBias())[0] = 100;
    bias[2] += 100;
    assertArrays(new FrameworkArrays(layer, iter, bias, null, null), ours.toOneDnn());
  }

  private static void assertArrays(FrameworkArrays expected, FrameworkArrays got) {
    assertArrayEquals(expected.inputWeights(), got.inputWeights());
    assertArrayEquals(expected.recurrentWeights(), got.recurrentWeights());
    assertArrayEquals(expected.bias(), got.bias());
    assertArrayEquals(expected.peepholes(), got.peepholes());
    assertArrayEquals(expected.projection(), got.projection());
  }

  // Conversions

  /** Zeros of either sign among the data: what is added must not change them. */
  private static CellCase withZeros(CellSpec spec) {
    return CellCase.of(spec, 3, 2).with(Fill.SPECIALS, Fill.SMALL_INTEGERS);
  }

  @ParameterizedTest
  @EnumSource
  void conversionsKeepTheBitsOfResults(WeightFormat format) {
    for (CellSpec spec : all()) {
      for (CellCase q : List.of(CellCase.of(spec, 3, 2), withZeros(spec))) {
        CellRun expected = CellRun.forward(q, TIME_MAJOR);
        WeightSet converted = q.weights().to(format);
        assertEquals(format, converted.format());
        assertRun(q, converted, expected);
        assertRun(q, converted.to(WeightFormat.PYTORCH), expected);
      }
    }
  }

  private static void assertRun(CellCase q, WeightSet weights, CellRun expected) {
    CellRun.forward(q, TIME_MAJOR, Cell.of(PackedCell.pack(weights)))
        .assertSameBits(expected, q.where().with("weights", weights));
  }

  /** From any format to any other and back, all values are where they were. */
  @Test
  void conversionsGoBack() {
    for (CellSpec spec : all()) {
      for (WeightFormat from : WeightFormat.values()) {
        WeightSet first = CellCase.of(spec, 1, 1).weights().to(from);
        for (WeightFormat to : WeightFormat.values()) {
          WeightSet there = first.to(to);
          WeightSet back = there.to(from);
          if (there.spec().equals(first.spec())) {
            assertEquals(first.spec(), back.spec());
            CellGradients.assertSameBits(
                back, first, CellCase.of(spec, 1, 1).where().with("to", to));
          } else {
            // The number of biases has changed, and the spec says so.
            assertEquals(first.spec().withBias(back.spec().bias()), back.spec());
            assertArrayEquals(first.inputWeights(), back.inputWeights());
            assertArrayEquals(first.recurrentWeights(), back.recurrentWeights());
          }
        }
      }
    }
  }

  @Test
  void conversionsAreCopies() {
    WeightSet weights = CellCase.of(LSTM, 1, 1).weights();
    WeightSet same = weights.to(WeightFormat.PYTORCH);
    for (int i = 0; i < weights.arrays().size(); i++) {
      assertNotSame(weights.arrays().get(i), same.arrays().get(i));
      assertArrayEquals(weights.arrays().get(i), same.arrays().get(i));
    }
  }

  /** What a framework has no place for is refused; all else keeps the bits of its results. */
  @Test
  void arraysOfFrameworksKeepTheBitsOfResults() {
    for (CellSpec spec : all()) {
      for (CellCase q : List.of(CellCase.of(spec, 3, 2), withZeros(spec))) {
        assertRoundTrip(q);
      }
    }
  }

  private static void assertRoundTrip(CellCase q) {
    CellSpec spec = q.spec();
    CellRun expected = CellRun.forward(q, TIME_MAJOR);
    WeightSet weights = q.weights();
    boolean after = spec.kind() == CellSpec.Kind.GRU && spec.reset() == Reset.AFTER;
    Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
    CellSpec one =
        spec.bias() == Bias.NONE ? spec : spec.withBias(after ? Bias.DOUBLE : Bias.SINGLE);
    if (spec.projectionSize() > 0) {
      assertThrown(illegal, "spec has a projection, but ONNX has not", weights::toOnnx);
    } else {
      FrameworkArrays a = weights.toOnnx();
      CellSpec two = spec.bias() == Bias.NONE ? spec : spec.withBias(Bias.DOUBLE);
      assertRun(
          q,
          WeightSet.ofOnnx(two, a.inputWeights(), a.recurrentWeights(), a.bias(), a.peepholes()),
          expected);
    }
    if (spec.peepholes() || spec.coupledGates() || spec.projectionSize() > 0) {
      assertThrown(illegal, ", but Keras has not", weights::toKeras);
    } else {
      FrameworkArrays a = weights.toKeras();
      assertRun(
          q, WeightSet.ofKeras(one, a.inputWeights(), a.recurrentWeights(), a.bias()), expected);
    }
    if (spec.coupledGates()) {
      assertThrown(illegal, "spec has coupled gates, but oneDNN has not", weights::toOneDnn);
    } else {
      FrameworkArrays a = weights.toOneDnn();
      assertRun(
          q,
          WeightSet.ofOneDnn(
              one, a.inputWeights(), a.recurrentWeights(), a.bias(), a.peepholes(), a.projection()),
          expected);
    }
  }

  /** All that enters is -0, so a cell whose bias were +0 would end at +0. */
  @Test
  void aLoneBiasKeepsTheSignOfItsZeros() {
    float[] minus = {-0f, -0f, -0f, -0f};
    float[] plus = new float[4];
    assertEquals(-0f, cell(minus, null));
    assertEquals(-0f, cell(minus, minus));
    assertEquals(0f, cell(minus, plus));
    assertEquals(0f, cell(null, null));
  }

  private static float cell(float @Nullable [] first, float @Nullable [] second) {
    Bias bias = first == null ? Bias.NONE : second == null ? Bias.SINGLE : Bias.DOUBLE;
    float[] w = {1, 1, 1, 1};
    CellSpec spec = CellSpec.lstm(1, 1).withBias(bias);
    WeightSet weights = WeightSet.of(spec, WeightFormat.PYTORCH, w, w, first, second);
    float[] c = {-0f};
    for (WeightFormat format : WeightFormat.values()) {
      c[0] = -0f;
      Cell.of(PackedCell.pack(weights.to(format)))
          .step(1, new float[] {-0f}, 0, new float[] {-0f}, 0, c, 0);
    }
    return c[0];
  }

  /** What is reset starts from +0 without a bias of its own, and all that enters is -0. */
  @Test
  void aCandidateWithoutASecondBiasKeepsTheSignOfItsZero() {
    CellSpec spec = CellSpec.gru(1, 1).withBias(Bias.SINGLE);
    float[] b = {0, -1000, -0f};
    WeightSet weights =
        WeightSet.of(spec, WeightFormat.PYTORCH, new float[3], new float[3], b, null);
    for (WeightFormat format : WeightFormat.values()) {
      // z is 0, so h becomes n itself.
      float[] h = {-1};
      Cell.of(PackedCell.pack(weights.to(format))).step(1, new float[] {-0f}, 0, h, 0, null, 0);
      assertEquals(0f, h[0], format.name());
    }
  }

  @Test
  void aBiasDoesSomething() {
    for (CellSpec spec : CellSpecs.few(3, 5, 4)) {
      CellCase q = CellCase.of(spec.withBias(Bias.DOUBLE), 3, 2);
      CellCase without = CellCase.of(spec.withBias(Bias.NONE), 3, 2);
      assertFalse(
          Arrays.equals(
              CellRun.forward(q, TIME_MAJOR).h(), CellRun.forward(without, TIME_MAJOR).h()));
    }
  }

  // Arguments

  @Test
  void weightsTellWhatTheyAre() {
    CellSpec spec = LSTM.withPeepholes().withProjection(3);
    WeightSet weights = CellCase.of(spec, 1, 1).weights();
    assertEquals(spec, weights.spec());
    assertEquals(WeightFormat.PYTORCH, weights.format());
    assertEquals(6, weights.arrays().size());
    assertSame(weights.inputWeights(), weights.arrays().get(0));
    assertSame(weights.projection(), weights.arrays().get(5));
    assertTrue(weights.toString().contains("peepholes"), weights.toString());
    assertEquals(6, WeightSet.zeros(spec).arrays().size());
    assertEquals(2, WeightSet.zeros(GRU.withBias(Bias.NONE)).arrays().size());
  }

  private static WeightSet of(
      CellSpec spec,
      float[] w,
      float[] r,
      float @Nullable [] b,
      float @Nullable [] b2,
      float @Nullable [] p,
      float @Nullable [] project) {
    return WeightSet.of(spec, WeightFormat.PYTORCH, w, r, b, b2, p, project);
  }

  @Test
  void badWeightsAreNamed() {
    Class<NullPointerException> isNull = NullPointerException.class;
    Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
    CellSpec spec = CellSpec.lstm(3, 5).withPeepholes().withProjection(4);
    float[] w = new float[60];
    float[] r = new float[80];
    float[] b = new float[20];
    float[] p = new float[15];
    float[] m = new float[20];
    float[] wrong = new float[1];
    of(spec, w, r, b, b, p, m);
    WeightFormat format = WeightFormat.PYTORCH;
    assertThrown(isNull, "spec", () -> of(nothing(), w, r, b, b, p, m));
    assertThrown(isNull, "format", () -> WeightSet.of(spec, nothing(), w, r, b, b, p, m));
    assertThrown(isNull, "inputWeights", () -> of(spec, nothing(), r, b, b, p, m));
    assertThrown(isNull, "recurrentWeights", () -> of(spec, w, nothing(), b, b, p, m));
    assertThrown(isNull, "target", () -> of(spec, w, r, b, b, p, m).to(nothing()));
    assertThrown(illegal, "inputWeights has 1 ", () -> of(spec, wrong, r, b, b, p, m));
    assertThrown(illegal, "recurrentWeights has 1 ", () -> of(spec, w, wrong, b, b, p, m));
    assertThrown(illegal, "inputBias has 1 ", () -> of(spec, w, r, wrong, b, p, m));
    assertThrown(illegal, "recurrentBias has 1 ", () -> of(spec, w, r, b, wrong, p, m));
    assertThrown(illegal, "peepholes has 1 ", () -> of(spec, w, r, b, b, wrong, m));
    assertThrown(illegal, "projection has 1 ", () -> of(spec, w, r, b, b, p, wrong));
    assertThrown(illegal, "inputBias is null", () -> of(spec, w, r, null, b, p, m));
    assertThrown(illegal, "recurrentBias is null", () -> of(spec, w, r, b, null, p, m));
    assertThrown(illegal, "peepholes is null", () -> of(spec, w, r, b, b, null, m));
    assertThrown(illegal, "projection is null", () -> of(spec, w, r, b, b, p, null));
    CellSpec plain = CellSpec.lstm(3, 5).withBias(Bias.NONE);
    float[] square = new float[100];
    WeightSet.of(plain, format, w, square, null, null);
    assertThrown(illegal, "inputBias is given", () -> of(plain, w, square, b, null, null, null));
    assertThrown(
        illegal, "recurrentBias is given", () -> of(plain, w, square, null, b, null, null));
    assertThrown(illegal, "peepholes is given", () -> of(plain, w, square, null, null, p, null));
    assertThrown(illegal, "projection is given", () -> of(plain, w, square, null, null, null, m));
    // 2^16 x 2^16 wraps to 0 in int.
    assertThrown(
        illegal,
        "inputWeights",
        () -> of(CellSpec.lstm(1 << 16, 1 << 14), new float[0], r, b, b, null, null));
  }

  @Test
  void badArraysOfFrameworksAreNamed() {
    Class<NullPointerException> isNull = NullPointerException.class;
    Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
    float[] w = new float[6];
    float[] r = new float[12];
    float[] b = new float[12];
    float[] wrong = new float[1];
    CellSpec single = GRU.withBias(Bias.SINGLE);
    assertThrown(isNull, "spec", () -> WeightSet.ofOnnx(nothing(), w, r, b, null));
    assertThrown(isNull, "w", () -> WeightSet.ofOnnx(GRU, nothing(), r, b, null));
    assertThrown(isNull, "r", () -> WeightSet.ofOnnx(GRU, w, nothing(), b, null));
    assertThrown(illegal, "w has 1 ", () -> WeightSet.ofOnnx(GRU, wrong, r, b, null));
    assertThrown(illegal, "r has 1 ", () -> WeightSet.ofOnnx(GRU, w, wrong, b, null));
    assertThrown(illegal, "b has 1 ", () -> WeightSet.ofOnnx(GRU, w, r, wrong, null));
    assertThrown(illegal, "b is null", () -> WeightSet.ofOnnx(GRU, w, r, null, null));
    assertThrown(illegal, "p is given", () -> WeightSet.ofOnnx(GRU, w, r, b, wrong));
    assertThrown(illegal, "one bias", () -> WeightSet.ofOnnx(single, w, r, b, null));
    assertThrown(isNull, "spec", () -> WeightSet.ofKeras(nothing(), w, r, b));
    assertThrown(isNull, "kernel", () -> WeightSet.ofKeras(GRU, nothing(), r, b));
    assertThrown(isNull, "recurrentKernel", () -> WeightSet.ofKeras(GRU, w, nothing(), b));
    assertThrown(illegal, "kernel has 1 ", () -> WeightSet.ofKeras(GRU, wrong, r, b));
    assertThrown(illegal, "recurrentKernel has 1 ", () -> WeightSet.ofKeras(GRU, w, wrong, b));
    assertThrown(illegal, "bias has 1 ", () -> WeightSet.ofKeras(GRU, w, r, wrong));
    assertThrown(illegal, "one bias", () -> WeightSet.ofKeras(single, w, r, b));
    assertThrown(
        illegal, "two biases", () -> WeightSet.ofKeras(GRU.withReset(Reset.BEFORE), w, r, b));
    float[] four = new float[8];
    assertThrown(isNull, "spec", () -> WeightSet.ofOneDnn(nothing(), w, r, four, null, null));
    assertThrown(
        isNull, "weightsLayer", () -> WeightSet.ofOneDnn(GRU, nothing(), r, four, null, null));
    assertThrown(
        isNull, "weightsIter", () -> WeightSet.ofOneDnn(GRU, w, nothing(), four, null, null));
    assertThrown(
        illegal, "weightsLayer has 1 ", () -> WeightSet.ofOneDnn(GRU, wrong, r, four, null, null));
    assertThrown(
        illegal, "weightsIter has 1 ", () -> WeightSet.ofOneDnn(GRU, w, wrong, four, null, null));
    assertThrown(illegal, "bias has 6 ", () -> WeightSet.ofOneDnn(GRU, w, r, w, null, null));
    assertThrown(
        illegal, "weightsPeephole", () -> WeightSet.ofOneDnn(GRU, w, r, four, wrong, null));
    assertThrown(
        illegal, "weightsProjection", () -> WeightSet.ofOneDnn(GRU, w, r, four, null, wrong));
    assertThrown(illegal, "one bias", () -> WeightSet.ofOneDnn(single, w, r, four, null, null));
    assertThrown(
        illegal,
        "two biases",
        () -> WeightSet.ofOneDnn(GRU.withReset(Reset.BEFORE), w, r, four, null, null));
  }
}

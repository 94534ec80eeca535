package dev.unroll.cell;

import static dev.unroll.cell.CellArgumentsTest.assertThrown;
import static dev.unroll.cell.CellArgumentsTest.nothing;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.cell.CellSpec.Bias;
import dev.unroll.cell.CellSpec.Form;
import dev.unroll.cell.CellSpec.Kind;
import dev.unroll.cell.CellSpec.Reset;
import dev.unroll.kernel.Activation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a spec says, what it keeps, and what it refuses. */
final class CellSpecTest {

  private static final CellSpec ELMAN = CellSpec.elman(3, 5);
  private static final CellSpec LSTM = CellSpec.lstm(3, 5);
  private static final CellSpec GRU = CellSpec.gru(3, 5);

  @Test
  void aSpecStartsAsPyTorchHasIt() {
    for (CellSpec spec : List.of(ELMAN, LSTM, GRU)) {
      assertEquals(3, spec.inputSize());
      assertEquals(5, spec.hiddenSize());
      assertEquals(5, spec.outputSize());
      assertEquals(Bias.DOUBLE, spec.bias());
      assertEquals(Activation.TANH, spec.activation());
      assertEquals(Form.POST_ACTIVATION, spec.form());
      assertEquals(Reset.AFTER, spec.reset());
      assertFalse(spec.peepholes());
      assertFalse(spec.coupledGates());
      assertEquals(Float.POSITIVE_INFINITY, spec.cellClip());
      assertEquals(0, spec.projectionSize());
      assertEquals(0, spec.hiddenZoneout() + spec.cellZoneout());
      assertEquals(0, spec.inputDropout() + spec.recurrentDropout());
      assertFalse(spec.stochastic());
      assertEquals(spec.kind() == Kind.LSTM, spec.hasCell());
    }
    assertEquals(List.of(1, 4, 3), List.of(ELMAN.gates(), LSTM.gates(), GRU.gates()));
    assertEquals(Kind.GRU, GRU.kind());
  }

  /** Each change changes one thing, and keeps all others, in any order. */
  @Test
  void changesKeepAllElse() {
    CellSpec all =
        LSTM.withProjection(2)
            .withCellClip(3)
            .withCoupledGates()
            .withPeepholes()
            .withBias(Bias.NONE);
    assertEquals(
        all,
        LSTM.withBias(Bias.NONE)
            .withPeepholes()
            .withCoupledGates()
            .withCellClip(3)
            .withProjection(2));
    assertEquals(3, all.gates());
    assertEquals(2, all.outputSize());
    assertEquals(3, all.cellClip());
    CellSpec resized = all.resized(7, 11);
    assertEquals(7, resized.inputSize());
    assertEquals(11, resized.hiddenSize());
    assertEquals(all, resized.resized(3, 5));
    CellSpec elman = ELMAN.withForm(Form.PRE_ACTIVATION).withActivation(Activation.RELU);
    assertEquals(elman, ELMAN.withActivation(Activation.RELU).withForm(Form.PRE_ACTIVATION));
    assertEquals(elman, elman.resized(1, 1).resized(3, 5));
    CellSpec gru = GRU.withReset(Reset.BEFORE).withBias(Bias.SINGLE);
    assertEquals(gru, gru.resized(1, 1).resized(3, 5));
  }

  @Test
  void specsThatDifferAreNotEqual() {
    List<CellSpec> all = CellSpecs.all(3, 5, 4, 0.5f);
    assertEquals(all.size(), new HashSet<>(all).size());
    assertEquals(all.size(), all.stream().map(CellSpec::toString).distinct().count());
    for (CellSpec spec : all) {
      assertNotEquals(spec, spec.resized(3, 6));
      assertNotEquals(spec, spec.resized(4, 5));
      assertEquals(spec, spec.resized(3, 5));
      assertEquals(spec.hashCode(), spec.resized(3, 5).hashCode());
      assertTrue(spec.toString().contains("I = 3, H = 5"), spec.toString());
    }
    assertNotEquals(LSTM.withCellClip(1), LSTM.withCellClip(2));
    assertFalse(LSTM.equals(nothing()));
  }

  @Test
  void ratesOfMasksAreKept() {
    CellSpec spec = LSTM.withZoneout(0.1f, 0.2f).withVariationalDropout(0.3f, 0.4f);
    assertEquals(spec, LSTM.withVariationalDropout(0.3f, 0.4f).withZoneout(0.1f, 0.2f));
    assertEquals(spec, spec.resized(1, 2).withBias(Bias.NONE).withBias(Bias.DOUBLE).resized(3, 5));
    assertEquals(0.1f, spec.hiddenZoneout());
    assertEquals(0.2f, spec.cellZoneout());
    assertEquals(0.3f, spec.inputDropout());
    assertEquals(0.4f, spec.recurrentDropout());
    List<CellSpec> all = new ArrayList<>(CellSpecs.stochastic(3, 5, 4));
    all.add(LSTM);
    all.removeIf(other -> !other.withVariationalDropout(0, 0).equals(other));
    assertEquals(all.size(), new HashSet<>(all).size());
    assertEquals(all.size(), all.stream().map(CellSpec::toString).distinct().count());
    for (CellSpec other : CellSpecs.stochastic(3, 5, 4)) {
      assertTrue(other.stochastic());
      assertFalse(other.withZoneout(0, 0).withVariationalDropout(0, 0).stochastic());
      assertNotEquals(other, other.withZoneout(0, 0).withVariationalDropout(0, 0));
    }
  }

  @Test
  void whatAKindDoesNotHaveIsRefused() {
    Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
    for (CellSpec other : List.of(LSTM, GRU)) {
      assertThrown(illegal, "only ELMAN", () -> other.withActivation(Activation.RELU));
      assertThrown(illegal, "only ELMAN", () -> other.withForm(Form.PRE_ACTIVATION));
    }
    for (CellSpec other : List.of(LSTM, ELMAN)) {
      assertThrown(illegal, "only GRU", () -> other.withReset(Reset.BEFORE));
    }
    for (CellSpec other : List.of(ELMAN, GRU)) {
      assertThrown(illegal, "only LSTM has peepholes", other::withPeepholes);
      assertThrown(illegal, "only LSTM has gates to couple", other::withCoupledGates);
      assertThrown(illegal, "only LSTM has cells to clip", () -> other.withCellClip(1));
      assertThrown(illegal, "only LSTM has a projection", () -> other.withProjection(1));
    }
    for (CellSpec other : List.of(ELMAN, GRU)) {
      assertThrown(illegal, "only LSTM has a cell state", () -> other.withZoneout(0.1f, 0.1f));
    }
    CellSpec pre = ELMAN.withForm(Form.PRE_ACTIVATION);
    assertThrown(illegal, "only POST_ACTIVATION has zoneout", () -> pre.withZoneout(0.1f, 0));
    CellSpec zoned = ELMAN.withZoneout(0.1f, 0);
    assertThrown(
        illegal, "only POST_ACTIVATION has zoneout", () -> zoned.withForm(Form.PRE_ACTIVATION));
    assertThrown(illegal, "function is IDENTITY", () -> ELMAN.withActivation(Activation.IDENTITY));
  }

  @Test
  void badValuesAreNamed() {
    Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
    Class<NullPointerException> isNull = NullPointerException.class;
    assertThrown(illegal, "inputSize is 0", () -> CellSpec.lstm(0, 1));
    assertThrown(illegal, "hiddenSize is -1", () -> CellSpec.gru(1, -1));
    assertThrown(illegal, "hiddenSize is 0", () -> CellSpec.elman(1, 0));
    assertThrown(illegal, "size is 0", () -> LSTM.withProjection(0));
    for (float limit : new float[] {0, -1, Float.NaN, Float.NEGATIVE_INFINITY}) {
      assertThrown(illegal, "limit is " + limit, () -> LSTM.withCellClip(limit));
    }
    for (float rate : new float[] {-0.1f, 1, 2, Float.NaN}) {
      assertThrown(illegal, "hidden is " + rate, () -> LSTM.withZoneout(rate, 0));
      assertThrown(illegal, "cell is " + rate, () -> LSTM.withZoneout(0, rate));
      assertThrown(illegal, "inputs is " + rate, () -> GRU.withVariationalDropout(rate, 0));
      assertThrown(illegal, "recurrent is " + rate, () -> GRU.withVariationalDropout(0, rate));
    }
    assertThrown(isNull, "newBias", () -> LSTM.withBias(nothing()));
    assertThrown(isNull, "function", () -> ELMAN.withActivation(nothing()));
    assertThrown(isNull, "newForm", () -> ELMAN.withForm(nothing()));
    assertThrown(isNull, "newReset", () -> GRU.withReset(nothing()));
  }
}

package dev.unroll.testing.tolerance;

import static dev.unroll.testing.reference.ReferenceActivation.RELU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.unroll.testing.reference.CellInputs;
import dev.unroll.testing.reference.CellOutputs;
import dev.unroll.testing.reference.CellSample;
import dev.unroll.testing.reference.CellWeights;
import dev.unroll.testing.reference.LstmOptions;
import dev.unroll.testing.reference.Plain;
import dev.unroll.testing.reference.ReferenceActivation;
import dev.unroll.testing.reference.ReferenceCell;
import dev.unroll.testing.reference.ReferenceElman;
import dev.unroll.testing.reference.ReferenceElman.Convention;
import dev.unroll.testing.reference.ReferenceGru;
import dev.unroll.testing.reference.ReferenceGru.Reset;
import dev.unroll.testing.reference.ReferenceLstm;
import dev.unroll.testing.reference.Tensor;
import dev.unroll.testing.tolerance.Simulated.Rounding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Implementations with a fault, in float: each has to leave the bounds on every sample. The faults
 * that change a formula show in any data; those of a few ULP are given short sums.
 */
class ErrorModelTeethTest {

  private static final int SEEDS = 10;
  private static final ErrorModel MODEL = ErrorModel.ofFloat(1.5, 1);
  private static final LstmOptions ALL =
      LstmOptions.PLAIN.withPeepholes().withProjection(2).withClip(4);

  /** A fault, and the cell that has it. */
  record Fault(String what, ReferenceCell cell, Damage damage) {

    @Override
    public String toString() {
      return what + " in " + cell;
    }
  }

  /** What the implementation does, given a sample that a right one is run on. */
  @FunctionalInterface
  interface Damage {
    Map<String, Tensor<Simulated>> run(CellSample sample);
  }

  private static Map<String, Tensor<Simulated>> run(
      ReferenceCell cell,
      CellWeights<Plain> weights,
      CellInputs<Plain> inputs,
      CellOutputs<Plain> gradient,
      Rounding rounding) {
    Simulated by = new Simulated(0, rounding);
    Map<String, Tensor<Simulated>> all = new LinkedHashMap<>();
    all.putAll(cell.forward(by, weights.to(by), inputs.to(by)).named());
    all.putAll(cell.backward(by, weights.to(by), inputs.to(by), gradient.to(by)).named());
    return all;
  }

  private static Damage rounding(Rounding rounding) {
    return sample ->
        run(sample.cell(), sample.weights(), sample.inputs(), sample.outputGradient(), rounding);
  }

  private static Damage weights(UnaryOperator<CellWeights<Plain>> damage) {
    return sample ->
        run(
            sample.cell(),
            damage.apply(sample.weights()),
            sample.inputs(),
            sample.outputGradient(),
            Simulated.NEAREST);
  }

  private static Damage inputs(UnaryOperator<CellInputs<Plain>> damage) {
    return sample ->
        run(
            sample.cell(),
            sample.weights(),
            damage.apply(sample.inputs()),
            sample.outputGradient(),
            Simulated.NEAREST);
  }

  private static Damage gradients(UnaryOperator<CellOutputs<Plain>> damage) {
    return sample ->
        run(
            sample.cell(),
            sample.weights(),
            sample.inputs(),
            damage.apply(sample.outputGradient()),
            Simulated.NEAREST);
  }

  /** The weights in a cell of the same shape that computes something else. */
  private static Damage insteadOf(ReferenceCell other) {
    return sample ->
        run(other, sample.weights(), sample.inputs(), sample.outputGradient(), Simulated.NEAREST);
  }

  private static Tensor<Plain> swapped(Tensor<Plain> rows, int first, int second, int length) {
    Tensor<Plain> swapped = rows.copy();
    for (int i = 0; i < length; i++) {
      swapped.set(rows.at(first * length + i), second * length + i);
      swapped.set(rows.at(second * length + i), first * length + i);
    }
    return swapped;
  }

  private static Tensor<Plain> with(Tensor<Plain> tensor, int index, double value) {
    Tensor<Plain> changed = tensor.copy();
    changed.set(new Plain(value), index);
    return changed;
  }

  private static Tensor<Plain> zeros(Tensor<Plain> like) {
    return Tensor.zeros(Plain.ARITHMETIC, like.shape());
  }

  private static CellWeights<Plain> withR(CellWeights<Plain> w, Tensor<Plain> r) {
    return new CellWeights<>(
        w.w(), r, w.inputBias(), w.recurrentBias(), w.projection(), w.peepholes());
  }

  static Stream<Fault> faults() {
    List<ReferenceCell> cells =
        List.of(
            new ReferenceElman(3, 4, ReferenceActivation.TANH),
            new ReferenceElman(3, 4, ReferenceActivation.SIGMOID, Convention.PRE_ACTIVATION),
            new ReferenceElman(3, 4, RELU),
            new ReferenceGru(3, 4, Reset.AFTER),
            new ReferenceGru(3, 4, Reset.BEFORE),
            new ReferenceLstm(3, 4),
            new ReferenceLstm(3, 4, LstmOptions.PLAIN.withCoupledGates()),
            new ReferenceLstm(3, 4, ALL));
    Stream<Fault> common = cells.stream().flatMap(ErrorModelTeethTest::common);
    ReferenceGru after = new ReferenceGru(3, 4, Reset.AFTER);
    ReferenceLstm lstm = new ReferenceLstm(3, 4);
    ReferenceLstm full = new ReferenceLstm(3, 4, ALL);
    ReferenceElman elman = new ReferenceElman(3, 4, ReferenceActivation.TANH);
    Stream<Fault> special =
        Stream.of(
            new Fault(
                "reset before instead of after",
                after,
                insteadOf(new ReferenceGru(3, 4, Reset.BEFORE))),
            new Fault(
                "reset after instead of before",
                new ReferenceGru(3, 4, Reset.BEFORE),
                insteadOf(after)),
            new Fault(
                "activation around the wrong state",
                elman,
                insteadOf(
                    new ReferenceElman(3, 4, ReferenceActivation.TANH, Convention.PRE_ACTIVATION))),
            new Fault(
                "no clipping",
                new ReferenceLstm(3, 4, LstmOptions.PLAIN.withClip(0.25)),
                insteadOf(lstm)),
            new Fault(
                "gradient of the last cell forgotten",
                lstm,
                gradients(d -> new CellOutputs<>(d.y(), d.hn(), zeros(d.cn())))),
            new Fault(
                "initial cell forgotten",
                lstm,
                inputs(in -> new CellInputs<>(in.x(), in.h0(), zeros(in.c0()), in.lengths()))),
            new Fault(
                "peepholes of i and f swapped",
                full,
                weights(
                    w ->
                        new CellWeights<>(
                            w.w(),
                            w.r(),
                            w.inputBias(),
                            w.recurrentBias(),
                            w.projection(),
                            swapped(w.peepholes(), 0, 1, 4)))),
            new Fault(
                "one peephole forgotten",
                full,
                weights(
                    w ->
                        new CellWeights<>(
                            w.w(),
                            w.r(),
                            w.inputBias(),
                            w.recurrentBias(),
                            w.projection(),
                            with(w.peepholes(), 11, 0)))),
            new Fault(
                "one element of the projection forgotten",
                full,
                weights(
                    w ->
                        new CellWeights<>(
                            w.w(),
                            w.r(),
                            w.inputBias(),
                            w.recurrentBias(),
                            with(w.projection(), 7, 0),
                            w.peepholes()))));
    return Stream.concat(Stream.concat(common, special), precision());
  }

  /** What can go wrong in any cell. */
  private static Stream<Fault> common(ReferenceCell cell) {
    int outputs = cell.outputSize();
    int units = cell.hiddenSize();
    Stream<Fault> any =
        Stream.of(
            new Fault(
                "bias left out",
                cell,
                weights(
                    w ->
                        new CellWeights<>(
                            w.w(),
                            w.r(),
                            w.inputBias(),
                            zeros(w.recurrentBias()),
                            w.projection(),
                            w.peepholes()))),
            new Fault(
                "last term of one row of R lost",
                cell,
                weights(w -> withR(w, with(w.r(), w.r().length() - 1, 0)))),
            new Fault(
                "last input of one sequence lost",
                cell,
                inputs(
                    in ->
                        new CellInputs<>(
                            with(in.x(), in.x().length() - 1, 0), in.h0(), in.c0(), in.lengths()))),
            new Fault(
                "state of the wrong sequence",
                cell,
                inputs(
                    in ->
                        new CellInputs<>(
                            in.x(), swapped(in.h0(), 0, 1, outputs), in.c0(), in.lengths()))),
            new Fault(
                "initial state forgotten",
                cell,
                inputs(in -> new CellInputs<>(in.x(), zeros(in.h0()), in.c0(), in.lengths()))),
            new Fault(
                "gradient of the last state forgotten",
                cell,
                gradients(d -> new CellOutputs<>(d.y(), zeros(d.hn()), d.cn()))),
            new Fault(
                "gradient of one output lost",
                cell,
                gradients(
                    d -> new CellOutputs<>(with(d.y(), d.y().length() - 1, 0), d.hn(), d.cn()))),
            new Fault("R with 16 bits", cell, weights(w -> withR(w, rounded(w.r())))));
    if (cell.gates() == 1) {
      return any;
    }
    return Stream.concat(
        any,
        Stream.of(
            new Fault(
                "two gates of R swapped",
                cell,
                weights(w -> withR(w, swapped(w.r(), 0, 1, units * outputs))))));
  }

  private static Tensor<Plain> rounded(Tensor<Plain> tensor) {
    Tensor<Plain> rounded = tensor.copy();
    for (int i = 0; i < tensor.length(); i++) {
      rounded.set(new Plain(tensor.at(i).value() * (1 + 0x1p-16)), i);
    }
    return rounded;
  }

  /** Too little precision somewhere, over a single step of small cells. */
  private static Stream<Fault> precision() {
    Rounding tanh =
        new Rounding() {
          @Override
          public double round(double exact) {
            return (float) exact;
          }

          @Override
          public double tanh(double z) {
            double y = Rounding.super.tanh(z);
            return y + 16 * Ulp.size(y);
          }
        };
    Rounding sigmoid =
        new Rounding() {
          @Override
          public double round(double exact) {
            return (float) exact;
          }

          @Override
          public double sigmoid(double z) {
            double y = Rounding.super.sigmoid(z);
            return y + 16 * Ulp.size(y);
          }
        };
    Rounding gradient =
        new Rounding() {
          @Override
          public double round(double exact) {
            return (float) exact;
          }

          @Override
          public double gradient(double exact) {
            double d = Rounding.super.gradient(exact);
            return d + 16 * Ulp.size(d);
          }
        };
    Rounding sums = exact -> Float.intBitsToFloat(Float.floatToRawIntBits((float) exact) & ~0xf);
    return Stream.of(
            new ReferenceGru(2, 2, Reset.AFTER),
            new ReferenceGru(2, 2, Reset.BEFORE),
            new ReferenceLstm(2, 2),
            new ReferenceLstm(2, 2, LstmOptions.PLAIN.withCoupledGates()),
            new ReferenceLstm(2, 2, ALL))
        .flatMap(
            cell ->
                Stream.of(
                    new Fault("tanh within 16 ULP only", cell, rounding(tanh)),
                    new Fault("sigmoid within 16 ULP only", cell, rounding(sigmoid)),
                    new Fault("derivatives within 16 ULP only", cell, rounding(gradient)),
                    new Fault("sums with 20 bits", cell, rounding(sums))));
  }

  /** For the small cells eight sequences of one step, each on its own: sums stay short. */
  private static List<CellSample> samples(ReferenceCell cell, int seed) {
    if (cell.hiddenSize() == 2) {
      return IntStream.range(8 * seed, 8 * seed + 8)
          .mapToObj(each -> new CellSample(cell, 1, new int[] {1}, 1, false, each))
          .toList();
    }
    // A unit that relu has put to sleep hides what it computed.
    boolean positive = cell instanceof ReferenceElman elman && elman.activation() == RELU;
    return List.of(new CellSample(cell, 3, new int[] {3, 2, 3}, 1, positive, seed));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void isCaught(Fault fault) {
    int caught = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      boolean leaves =
          samples(fault.cell, seed).stream()
              .anyMatch(sample -> leaves(sample, fault.damage.run(sample)));
      caught += leaves ? 1 : 0;
    }
    assertEquals(SEEDS, caught, fault.toString());
  }

  static Stream<ReferenceCell> cells() {
    return faults().map(Fault::cell).distinct();
  }

  @ParameterizedTest
  @MethodSource("cells")
  void thereIsNoFalseAlarm(ReferenceCell cell) {
    for (int seed = 0; seed < SEEDS; seed++) {
      for (CellSample sample : samples(cell, seed)) {
        assertFalse(leaves(sample, rounding(Simulated.NEAREST).run(sample)), cell.toString());
      }
    }
  }

  private static boolean leaves(CellSample sample, Map<String, Tensor<Simulated>> got) {
    for (Map.Entry<String, Tensor<Bounded>> entry :
        ErrorModelProperties.run(sample, MODEL).entrySet()) {
      double[] values = Objects.requireNonNull(got.get(entry.getKey())).values();
      for (int i = 0; i < values.length; i++) {
        Bounded exact = entry.getValue().at(i);
        if (Math.abs(values[i] - exact.value()) > exact.bound()) {
          return true;
        }
      }
    }
    return false;
  }
}

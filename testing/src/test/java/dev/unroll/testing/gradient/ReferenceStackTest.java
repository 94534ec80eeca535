package dev.unroll.testing.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.unroll.testing.reference.CellSample;
import dev.unroll.testing.reference.CellWeights;
import dev.unroll.testing.reference.LstmOptions;
import dev.unroll.testing.reference.Plain;
import dev.unroll.testing.reference.ReferenceActivation;
import dev.unroll.testing.reference.ReferenceCell;
import dev.unroll.testing.reference.ReferenceElman;
import dev.unroll.testing.reference.ReferenceGru;
import dev.unroll.testing.reference.ReferenceLstm;
import dev.unroll.testing.reference.ReferenceStack;
import dev.unroll.testing.reference.ReferenceStack.Gradients;
import dev.unroll.testing.reference.ReferenceStack.Last;
import dev.unroll.testing.reference.ReferenceStack.Layer;
import dev.unroll.testing.reference.ReferenceStack.Merge;
import dev.unroll.testing.reference.ReferenceStack.Outputs;
import dev.unroll.testing.reference.ReferenceStack.Part;
import dev.unroll.testing.reference.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the golden files do not have: outputs added up, residuals, layers of different kinds. */
class ReferenceStackTest {

  private static final int[] LENGTHS = {4, 0, 2};

  private static Part<Plain> part(ReferenceCell cell, long seed) {
    CellSample sample = new CellSample(cell, 4, LENGTHS, 1, false, seed);
    return new Part<>(sample.weights(), sample.inputs().h0(), sample.inputs().c0());
  }

  private static Tensor<Plain> x(int inputs) {
    return new CellSample(new ReferenceLstm(inputs, 1), 4, LENGTHS, 1, false, 9).inputs().x();
  }

  @Test
  void theSumOfTwoDirectionsIsTheirSum() {
    ReferenceCell cell = new ReferenceLstm(2, 3);
    List<Part<Plain>> parts = List.of(part(cell, 1), part(cell, 2));
    double[] both =
        new ReferenceStack(List.of(new Layer(cell, true, Merge.CONCATENATE)))
            .forward(Plain.ARITHMETIC, x(2), parts, LENGTHS)
            .y()
            .values();
    double[] sum =
        new ReferenceStack(List.of(new Layer(cell, true, Merge.SUM)))
            .forward(Plain.ARITHMETIC, x(2), parts, LENGTHS)
            .y()
            .values();
    for (int i = 0; i < sum.length; i++) {
      int row = i / 3 * 6 + i % 3;
      assertEquals(both[row] + both[row + 3], sum[i]);
    }
  }

  /** The backward direction starts at the last step of its sequence. */
  @Test
  void theBackwardDirectionIsTheForwardOneOnReversedSequences() {
    ReferenceCell cell = new ReferenceGru(2, 3, ReferenceGru.Reset.AFTER);
    Part<Plain> part = part(cell, 1);
    Tensor<Plain> x = x(2);
    Tensor<Plain> reversed = x.copy();
    for (int n = 0; n < LENGTHS.length; n++) {
      for (int t = 0; t < LENGTHS[n]; t++) {
        reversed.set(x.at(LENGTHS[n] - 1 - t, n, 0), t, n, 0);
        reversed.set(x.at(LENGTHS[n] - 1 - t, n, 1), t, n, 1);
      }
    }
    Outputs<Plain> forward =
        new ReferenceStack(List.of(new Layer(cell, false, Merge.CONCATENATE)))
            .forward(Plain.ARITHMETIC, reversed, List.of(part), LENGTHS);
    Outputs<Plain> both =
        new ReferenceStack(List.of(new Layer(cell, true, Merge.CONCATENATE)))
            .forward(Plain.ARITHMETIC, x, List.of(part, part), LENGTHS);
    assertArrayEquals(forward.last().get(0).hn().values(), both.last().get(1).hn().values());
    for (int n = 0; n < LENGTHS.length; n++) {
      for (int t = 0; t < LENGTHS[n]; t++) {
        for (int p = 0; p < 3; p++) {
          assertEquals(forward.y().at(LENGTHS[n] - 1 - t, n, p), both.y().at(t, n, 3 + p));
        }
      }
    }
  }

  /** Whatever stands in the padding of x. */
  @Test
  void aResidualAddsTheInputAndLeavesPaddingAlone() {
    ReferenceCell cell = new ReferenceLstm(2, 2);
    List<Part<Plain>> parts = List.of(part(cell, 1), part(cell, 2));
    Tensor<Plain> x = x(2);
    Tensor<Plain> plain =
        new ReferenceStack(List.of(new Layer(cell, true, Merge.SUM)))
            .forward(Plain.ARITHMETIC, x, parts, LENGTHS)
            .y();
    Tensor<Plain> residual =
        new ReferenceStack(List.of(new Layer(cell, true, Merge.SUM, true)))
            .forward(Plain.ARITHMETIC, x, parts, LENGTHS)
            .y();
    for (int t = 0; t < 4; t++) {
      for (int n = 0; n < LENGTHS.length; n++) {
        for (int p = 0; p < 2; p++) {
          double added = t < LENGTHS[n] ? x.at(t, n, p).value() : 0;
          assertEquals(plain.at(t, n, p).value() + added, residual.at(t, n, p).value());
        }
      }
    }
  }

  @Test
  void aResidualNeedsAsManyInputsAsOutputs() {
    ReferenceCell cell = new ReferenceGru(3, 3, ReferenceGru.Reset.AFTER);
    assertEquals(3, new Layer(cell, true, Merge.SUM, true).outputSize());
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new Layer(cell, true, Merge.CONCATENATE, true))
            .getMessage();
    assertEquals("residual from 3 inputs to 6 outputs", message);
  }

  @Test
  void backwardIsTheDerivativeOfForward() {
    ReferenceCell bottom =
        new ReferenceLstm(2, 3, LstmOptions.PLAIN.withPeepholes().withProjection(2));
    ReferenceCell top = new ReferenceGru(2, 4, ReferenceGru.Reset.BEFORE);
    assertDerivative(
        List.of(new Layer(bottom, true, Merge.SUM), new Layer(top, true, Merge.CONCATENATE)));
  }

  /** Around the first layer, a middle one in both directions, and the last. */
  @Test
  void backwardIsTheDerivativeOfForwardWithResiduals() {
    ReferenceCell bottom =
        new ReferenceLstm(2, 3, LstmOptions.PLAIN.withPeepholes().withProjection(2));
    ReferenceCell middle = new ReferenceGru(2, 1, ReferenceGru.Reset.AFTER);
    ReferenceCell top = new ReferenceElman(2, 2, ReferenceActivation.TANH);
    assertDerivative(
        List.of(
            new Layer(bottom, true, Merge.SUM, true),
            new Layer(middle, true, Merge.CONCATENATE, true),
            new Layer(top, false, Merge.SUM, true)));
  }

  /** In a random direction through everything that goes in, by dual numbers. */
  private static void assertDerivative(List<Layer> layers) {
    ReferenceStack stack = new ReferenceStack(layers);
    List<Part<Plain>> parts = new ArrayList<>();
    for (Layer layer : layers) {
      for (int direction = 0; direction < (layer.bidirectional() ? 2 : 1); direction++) {
        parts.add(part(layer.cell(), 1 + parts.size()));
      }
    }
    SplittableRandom random = new SplittableRandom(5);
    List<Last<Plain>> last = new ArrayList<>();
    for (Part<Plain> part : parts) {
      last.add(new Last<>(like(part.h0(), random), like(part.c0(), random)));
    }
    Tensor<Plain> dy =
        like(Tensor.zeros(Plain.ARITHMETIC, 4, 3, layers.getLast().outputSize()), random);
    Gradients<Plain> gradients =
        stack.backward(Plain.ARITHMETIC, x(2), parts, LENGTHS, new Outputs<>(dy, last));

    double[] expected = {0};
    Tensor<Dual> movedX = moved(x(2), gradients.dx(), random, expected);
    List<Part<Dual>> moved = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      CellWeights<Plain> w = parts.get(i).weights();
      CellWeights<Plain> dw = gradients.parts().get(i).weights();
      moved.add(
          new Part<>(
              new CellWeights<>(
                  moved(w.w(), dw.w(), random, expected),
                  moved(w.r(), dw.r(), random, expected),
                  moved(w.inputBias(), dw.inputBias(), random, expected),
                  moved(w.recurrentBias(), dw.recurrentBias(), random, expected),
                  moved(w.projection(), dw.projection(), random, expected),
                  moved(w.peepholes(), dw.peepholes(), random, expected)),
              moved(parts.get(i).h0(), gradients.parts().get(i).h0(), random, expected),
              moved(parts.get(i).c0(), gradients.parts().get(i).c0(), random, expected)));
    }
    Outputs<Dual> out = stack.forward(Dual.ARITHMETIC, movedX, moved, LENGTHS);
    double got = dot(dy, Dual.dots(out.y()));
    for (int i = 0; i < parts.size(); i++) {
      got += dot(last.get(i).hn(), Dual.dots(out.last().get(i).hn()));
      got += dot(last.get(i).cn(), Dual.dots(out.last().get(i).cn()));
    }
    assertEquals(expected[0], got, 1e-12 * Math.max(1, Math.abs(got)));
  }

  private static Tensor<Plain> like(Tensor<Plain> shape, SplittableRandom random) {
    Tensor<Plain> values = shape.copy();
    for (int i = 0; i < values.length(); i++) {
      values.set(new Plain(random.nextDouble(-1, 1)), i);
    }
    return values;
  }

  /** Moves values in a random direction, and adds what the gradient says of it. */
  private static Tensor<Dual> moved(
      Tensor<Plain> values, Tensor<Plain> gradient, SplittableRandom random, double[] expected) {
    double[] direction = like(values, random).values();
    expected[0] += dot(gradient, direction);
    return Dual.tensor(values, direction);
  }

  private static double dot(Tensor<Plain> a, double[] b) {
    double dot = 0;
    for (int i = 0; i < b.length; i++) {
      dot += a.at(i).value() * b[i];
    }
    return dot;
  }
}

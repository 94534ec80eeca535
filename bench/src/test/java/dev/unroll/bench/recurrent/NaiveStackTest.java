package dev.unroll.bench.recurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.cell.CellSpec;
import dev.unroll.cell.WeightSet;
import dev.unroll.layer.StackSpec;
import dev.unroll.layer.StackWeights;
import dev.unroll.testing.reference.Arithmetic;
import dev.unroll.testing.reference.CellWeights;
import dev.unroll.testing.reference.Plain;
import dev.unroll.testing.reference.ReferenceActivation;
import dev.unroll.testing.reference.ReferenceCell;
import dev.unroll.testing.reference.ReferenceElman;
import dev.unroll.testing.reference.ReferenceGru;
import dev.unroll.testing.reference.ReferenceLstm;
import dev.unroll.testing.reference.ReferenceStack;
import dev.unroll.testing.reference.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The loops beside the references in double precision. */
class NaiveStackTest {

  private static final int T = 5;
  private static final int N = 3;
  private static final int I = 4;
  private static final int H = 6;
  private static final int LAYERS = 3;

  @ParameterizedTest
  @EnumSource
  void outputsAndGradientsAreThoseOfTheReference(Cell cell) {
    SplittableRandom random = new SplittableRandom(7);
    StackWeights weights = StackWeights.zeros(StackSpec.of(spec(cell), LAYERS));
    weights.arrays().forEach(array -> fill(random, array));
    float[] x = new float[T * N * I];
    float[] dy = new float[T * N * H];
    fill(random, x);
    fill(random, dy);
    NaiveStack stack = new NaiveStack(cell, Pass.TRAINING, T, N, weights, x, dy);
    // Twice: what the first run left must not be added to.
    stack.training();
    stack.training();

    Arithmetic<Plain> by = Plain.ARITHMETIC;
    List<ReferenceCell> cells = new ArrayList<>();
    List<ReferenceStack.Part<Plain>> parts = new ArrayList<>();
    for (WeightSet part : weights.parts()) {
      int in = part.spec().inputSize();
      cells.add(reference(cell, in));
      int rows = cell.gates() * H;
      Tensor<Plain> zeros = Tensor.zeros(by, N, H);
      parts.add(
          new ReferenceStack.Part<>(
              new CellWeights<>(
                  Tensor.of(by, part.inputWeights(), rows, in),
                  Tensor.of(by, part.recurrentWeights(), rows, H),
                  Tensor.of(by, Objects.requireNonNull(part.inputBias()), rows),
                  Tensor.of(by, Objects.requireNonNull(part.recurrentBias()), rows)),
              zeros,
              cell == Cell.LSTM ? zeros : Tensor.none()));
    }
    ReferenceStack reference = ReferenceStack.of(cells, false);
    Tensor<Plain> input = Tensor.of(by, x, T, N, I);
    int[] lengths = new int[N];
    Arrays.fill(lengths, T);
    ReferenceStack.Outputs<Plain> out = reference.forward(by, input, parts, lengths);
    close("y", stack.outputs(), out.y());
    List<ReferenceStack.Last<Plain>> none = new ArrayList<>();
    Tensor<Plain> zeros = Tensor.zeros(by, N, H);
    for (int i = 0; i < LAYERS; i++) {
      none.add(new ReferenceStack.Last<>(zeros, cell == Cell.LSTM ? zeros : Tensor.none()));
    }
    ReferenceStack.Gradients<Plain> d =
        reference.backward(
            by,
            input,
            parts,
            lengths,
            new ReferenceStack.Outputs<>(Tensor.of(by, dy, T, N, H), none));
    close("dx", stack.gradients().getFirst().dx(), d.dx());
    for (int i = 0; i < LAYERS; i++) {
      CellWeights<Plain> exact = d.parts().get(i).weights();
      Gradients got = stack.gradients().get(i);
      close("dW" + i, got.dW(), exact.w());
      close("dR" + i, got.dR(), exact.r());
      close("dInputBias" + i, got.dInputBias(), exact.inputBias());
      close("dRecurrentBias" + i, got.dRecurrentBias(), exact.recurrentBias());
    }
    assertTrue(stack.small());
  }

  @ParameterizedTest
  @EnumSource
  void aLargeStackIsNotTimed(Cell cell) {
    CellSpec large =
        switch (cell) {
          case LSTM -> CellSpec.lstm(256, 256);
          case GRU -> CellSpec.gru(256, 256);
          case RNN -> CellSpec.elman(256, 256);
        };
    StackWeights weights = StackWeights.zeros(StackSpec.of(large, 4));
    float[] x = new float[100 * 16 * 256];
    assertFalse(new NaiveStack(cell, Pass.FORWARD, 100, 16, weights, x, x).small());
  }

  /** The limit of the numerical contract for gradients, of the largest element. */
  private static void close(String name, float[] got, Tensor<Plain> exact) {
    double[] want = exact.values();
    assertEquals(want.length, got.length, name);
    double largest = Arrays.stream(want).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < want.length; i++) {
      assertEquals(want[i], got[i], 1e-6 * Math.sqrt(T * H * LAYERS) * largest, name + " at " + i);
    }
  }

  private static CellSpec spec(Cell cell) {
    return switch (cell) {
      case LSTM -> CellSpec.lstm(I, H);
      case GRU -> CellSpec.gru(I, H);
      case RNN -> CellSpec.elman(I, H);
    };
  }

  private static ReferenceCell reference(Cell cell, int in) {
    return switch (cell) {
      case LSTM -> new ReferenceLstm(in, H);
      case GRU -> new ReferenceGru(in, H, ReferenceGru.Reset.AFTER);
      case RNN -> new ReferenceElman(in, H, ReferenceActivation.TANH);
    };
  }

  private static void fill(SplittableRandom random, float[] array) {
    for (int i = 0; i < array.length; i++) {
      array[i] = (float) random.nextDouble(-0.8, 0.8);
    }
  }
}

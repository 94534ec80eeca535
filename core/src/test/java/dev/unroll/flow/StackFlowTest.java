package dev.unroll.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.cell.CellSpec;
import dev.unroll.cell.Direction;
import dev.unroll.cell.SequenceLayout;
import dev.unroll.cell.WeightSet;
import dev.unroll.flow.Diagnosis.Verdict;
import dev.unroll.layer.StackSpec;
import dev.unroll.layer.StackTrainer;
import dev.unroll.layer.StackWeights;
import dev.unroll.train.Initializers;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whole networks on the production kernels. */
@Tag("once")
class StackFlowTest {

  private static final int STEPS = 60;

  private static float[] normal(long seed, int length, double deviation) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }

  /** An Elman cell without input, its recurrent weights of the given gain. */
  private static StackWeights elman(int units, double gain) {
    StackSpec spec = StackSpec.of(CellSpec.elman(1, units).withBias(CellSpec.Bias.NONE), 1);
    StackWeights weights = StackWeights.zeros(spec);
    float[] r = weights.part(0).recurrentWeights();
    float[] values = normal(3, r.length, gain / Math.sqrt(units));
    System.arraycopy(values, 0, r, 0, r.length);
    return weights;
  }

  @Test
  void aNetworkThatVanishesDoesSoAtItsExponent() {
    int units = 20;
    // No input and no state: the Jacobian is R in every step, and the spectral radius says all.
    StackWeights weights = elman(units, 0.7);
    double radius = SpectralRadius.of(units, weights.part(0).recurrentWeights());
    Diagnosis diagnosis =
        StackFlow.diagnose(weights, STEPS, 2, new float[STEPS * 2], normal(4, 2 * units, 1));
    Diagnosis.Layer layer = diagnosis.layers().getFirst();
    assertEquals(Verdict.VANISHING, layer.verdict());
    // The first steps turn a gradient, and a direction, into the leading one: a share of T.
    assertEquals(Math.log(radius), layer.fit().rate(), 0.05 * Math.abs(Math.log(radius)));
    assertEquals(layer.lyapunov(), layer.fit().rate(), 0.1 * Math.abs(layer.lyapunov()));
    assertTrue(layer.firstBadLag() > 0);
  }

  @Test
  void everyLayerAndDirectionIsHeard() {
    StackSpec spec =
        StackSpec.of(CellSpec.lstm(3, 5), 2).bidirectional(StackSpec.Merge.CONCATENATE);
    StackWeights weights = StackWeights.zeros(spec);
    for (WeightSet part : weights.parts()) {
      Initializers.recurrent(Initializers.seeded(5), part);
    }
    int batch = 2;
    float[] x = normal(6, STEPS * batch * 3, 1);
    float[] dh = new float[4 * batch * 5];
    Arrays.fill(dh, 2 * batch * 5, dh.length, 1);
    StackTrainer trainer = StackTrainer.of(spec);
    StackFlow flow = new StackFlow(spec, STEPS).listenTo(trainer);
    StackWeights gradients = StackWeights.zeros(spec);
    for (int call = 0; call < 2; call++) {
      flow.clear();
      trainer.load(weights);
      float[] c = new float[dh.length];
      float[] y = new float[STEPS * batch * 10];
      trainer.forward(SequenceLayout.TIME_MAJOR, STEPS, batch, null, x, y, new float[40], c);
      float[] d = dh.clone();
      trainer.backward(x, 0, null, 0, d, 0, new float[40], 0, null, 0, gradients, false);
      for (int layer = 0; layer < 2; layer++) {
        for (Direction direction : Direction.values()) {
          GradientNorms norms = flow.norms(layer, direction);
          for (int t = 0; t < STEPS; t++) {
            assertTrue(norms.state(t) > 0 || (layer == 0 && t == STEPS - 1), layer + " " + t);
          }
          // What is handed out by the first step is behind it; the first recorded is one later.
          assertTrue(norms.cell(0) > 0);
        }
      }
      // The last states of the upper layer were given ones: ten of them each.
      assertEquals(Math.sqrt(10), flow.norms(1, Direction.FORWARD).state(STEPS - 1), 1e-6);
      assertEquals(Math.sqrt(10), flow.norms(1, Direction.REVERSE).state(STEPS - 1), 1e-6);
    }
    Diagnosis whole = StackFlow.diagnose(weights, STEPS, batch, x, dh);
    Diagnosis heard = flow.diagnose();
    assertEquals(4, whole.layers().size());
    assertEquals("layer 1, reverse", whole.layers().getLast().name());
    for (int part = 0; part < 4; part++) {
      assertArrayEquals(heard.layers().get(part).norms(), whole.layers().get(part).norms());
      double lyapunov = whole.layers().get(part).lyapunov();
      assertTrue(lyapunov < 0 && lyapunov > -3, whole.describe());
      assertTrue(whole.layers().get(part).reach() < STEPS);
    }
  }

  /** The exponents of an upper layer are those along the lower one's outputs. */
  @Test
  void jacobiansFollowTheInputsOfTheirLayer() {
    StackSpec spec = StackSpec.of(CellSpec.elman(2, 6), 2).bidirectional(StackSpec.Merge.SUM);
    StackWeights weights = StackWeights.zeros(spec);
    for (WeightSet part : weights.parts()) {
      Initializers.recurrent(Initializers.seeded(9), part);
    }
    float[] x = normal(7, 10 * 2, 1);
    float[] dh = normal(8, 4 * 6, 1);
    Diagnosis diagnosis = StackFlow.diagnose(weights, 10, 1, x, dh);
    // By hand: the sum of both directions below, walked backwards by the last part.
    StackSpec below = StackSpec.of(CellSpec.elman(2, 6), 1).bidirectional(StackSpec.Merge.SUM);
    StackTrainer lower = StackTrainer.of(below);
    lower.load(StackWeights.of(below, weights.parts().subList(0, 2)));
    float[] y = new float[60];
    lower.forward(SequenceLayout.TIME_MAJOR, 10, 1, null, x, y, new float[12], null);
    float[] back = new float[60];
    for (int t = 0; t < 10; t++) {
      System.arraycopy(y, t * 6, back, (9 - t) * 6, 6);
    }
    LyapunovSpectrum spectrum = new LyapunovSpectrum(6, 1);
    new CellJacobian(weights.part(3)).steps(10, back, new float[6], null).forEach(spectrum::step);
    assertEquals(spectrum.exponents()[0], diagnosis.layers().get(3).lyapunov(), 0);
  }

  @Test
  void refusesBadArguments() {
    StackWeights weights = elman(4, 1);
    float @Nullable [] x = new float[6];
    assertThrows(
        IllegalArgumentException.class, () -> StackFlow.diagnose(weights, 1, 6, x, new float[24]));
    assertThrows(
        IllegalArgumentException.class, () -> StackFlow.diagnose(weights, 3, 1, x, new float[4]));
    assertThrows(
        IllegalArgumentException.class, () -> StackFlow.diagnose(weights, 6, 1, x, new float[3]));
    StackFlow flow = new StackFlow(weights.spec(), 6);
    assertThrows(IndexOutOfBoundsException.class, () -> flow.norms(1, Direction.FORWARD));
    assertThrows(IndexOutOfBoundsException.class, () -> flow.norms(0, Direction.REVERSE));
    StackSpec other = StackSpec.of(CellSpec.gru(1, 4), 1);
    assertThrows(IllegalArgumentException.class, () -> flow.listenTo(StackTrainer.of(other)));
    assertThrows(
        IllegalArgumentException.class, () -> flow.diagnose(StackWeights.zeros(other), 6, x));
    assertThrows(IllegalArgumentException.class, () -> flow.diagnose(weights, 5, x));
  }
}

package dev.unroll.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.flow.Diagnosis.Verdict;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class DiagnosisTest {

  private static final int STEPS = 60;

  /** A network at gain g under no input, its gradient from a loss at the last step. */
  private static Diagnosis.Layer diagnose(Nonlinearity s, double gain) {
    RecurrentNetwork network = Approx.network(RecurrentNetwork.Form.POST, s, 30, 0, gain, 5);
    Trajectory path = Trajectory.run(network, Approx.normal(new Random(1), 30, 1), STEPS);
    SequenceLoss last = Approx.loss(STEPS, 30, 2).onlyAt(STEPS);
    List<LinearOperator> jacobians =
        IntStream.rangeClosed(1, STEPS).mapToObj(path::stateJacobian).toList();
    return Diagnosis.builder()
        .layer("rnn", SequenceGradient.bptt(path, last).norms(), jacobians)
        .build()
        .layers()
        .getFirst();
  }

  @Test
  void aLogisticNetworkVanishesAtItsLyapunovExponent() {
    Diagnosis.Layer layer = diagnose(Nonlinearity.LOGISTIC, 1);
    assertEquals(Verdict.VANISHING, layer.verdict());
    assertTrue(layer.firstBadLag() > 0 && layer.firstBadLag() < 10);
    // At rest after a few steps, so gradient and differences shrink by one and the same factor; the
    // first steps of either one are its own.
    assertEquals(layer.lyapunov(), layer.fit().rate(), 0.05 * Math.abs(layer.lyapunov()));
  }

  @Test
  void orthogonalWeightsKeepTheGradient() {
    // Rotations of pairs, no nonlinearity: every norm is that of the loss.
    double c = Math.cos(0.7);
    double s = Math.sin(0.7);
    RecurrentNetwork network =
        new RecurrentNetwork(
            RecurrentNetwork.Form.POST,
            Nonlinearity.IDENTITY,
            new double[] {c, -s, s, c},
            new double[0],
            new double[2]);
    Trajectory path = Trajectory.run(network, new double[] {1, 0}, STEPS);
    SequenceLoss last = Approx.loss(STEPS, 2, 2).onlyAt(STEPS);
    Diagnosis diagnosis =
        Diagnosis.builder().layer("rotation", SequenceGradient.bptt(path, last).norms()).build();
    assertTrue(diagnosis.healthy());
    assertEquals(0, diagnosis.layers().getFirst().fit().rate(), 1e-14);
    assertEquals(-1, diagnosis.layers().getFirst().firstBadLag());
    assertFalse(diagnosis.describe().contains("clip"));
  }

  @Test
  void growthExplodes() {
    Diagnosis.Layer layer = diagnose(Nonlinearity.IDENTITY, 2);
    assertEquals(Verdict.EXPLODING, layer.verdict());
    assertTrue(layer.fit().factor() > 1.5);
  }

  @Test
  void fitsAreExactAndRobust() {
    double[] norms = new double[50];
    for (int lag = 0; lag < 50; lag++) {
      norms[lag] = 3 * StrictMath.pow(0.8, lag);
    }
    DecayFit exact = DecayFit.of(norms);
    assertEquals(0.8, exact.factor(), 1e-14);
    assertEquals(3, exact.norm(), 1e-13);
    for (int lag = 0; lag < 50; lag += 5) {
      norms[lag] = lag % 10 == 0 ? 0 : 1e6;
    }
    DecayFit robust = DecayFit.of(norms);
    assertEquals(45, robust.used());
    assertEquals(0.8, robust.factor(), 0.01);
    assertTrue(Double.isNaN(DecayFit.of(0, 0, 1).rate()));
    assertEquals(2, DecayFit.of(2, 0).norm(), 1e-15);
  }

  @Test
  void zerosAndNansAreFindings() {
    Diagnosis diagnosis =
        Diagnosis.builder()
            .layer("dead \"one\"", 0, 0, 1)
            .layer("burst", Double.NaN, Double.POSITIVE_INFINITY, 1)
            .layer("well", 1, 1.1, 0.9)
            .build();
    assertEquals(Verdict.VANISHING, diagnosis.layers().get(0).verdict());
    assertEquals(1, diagnosis.layers().get(0).firstBadLag());
    assertEquals(Verdict.EXPLODING, diagnosis.layers().get(1).verdict());
    assertEquals(Verdict.HEALTHY, diagnosis.layers().get(2).verdict());
    assertFalse(diagnosis.healthy());
    assertTrue(diagnosis.describe().contains("lost from lag 1"));
    String json = diagnosis.toJson();
    assertTrue(
        json.startsWith("{\"layers\":[{\"name\":\"dead \\\"one\\\"\",\"verdict\":\"VANISHING\""));
    assertTrue(json.contains("\"norms\":[\"NaN\",\"Infinity\",1.0]"));
    assertTrue(diagnosis.toSvg().startsWith("<svg "));
  }

  @Test
  void refusesWhatIsNoProfile() {
    Diagnosis.Builder builder = Diagnosis.builder();
    assertThrows(IllegalArgumentException.class, () -> builder.layer("short", 1));
    assertThrows(IllegalArgumentException.class, () -> builder.layer("negative", 1, -1));
    assertThrows(
        IllegalArgumentException.class, () -> builder.layer("none", new double[2], List.of()));
    assertTrue(builder.build().healthy());
  }
}

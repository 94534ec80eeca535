package dev.unroll.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class IsometryTest {

  @Test
  void closedForms() {
    for (int layers = 1; layers <= 10; layers++) {
      assertEquals(1, Isometry.fussCatalan(layers, 1), 0);
      assertEquals(layers + 1, Isometry.fussCatalan(layers, 2), 1e-12);
    }
    // The Catalan numbers.
    assertEquals(14, Isometry.fussCatalan(1, 4), 1e-12);
    assertEquals(4, Isometry.edge(1), 0);
    assertEquals(6.75, Isometry.edge(2), 1e-12);
    assertEquals(14.93, Isometry.edge(5), 5e-3);
    assertEquals(28.53, Isometry.edge(10), 5e-3);
    assertEquals(4, Isometry.expectedRelativeVariance(2, 2, Isometry.GAUSSIAN), 0);
    assertEquals(2, Isometry.expectedRelativeVariance(2, 2, Isometry.ORTHOGONAL), 0);
  }

  @Test
  void gaussianLayersSpreadTheSingularValues() {
    int n = 80;
    Random random = new Random(1);
    List<LinearOperator> layers = new ArrayList<>();
    for (int layer = 1; layer <= 2; layer++) {
      layers.add(LinearOperator.dense(n, n, Approx.normal(random, n * n, 1 / Math.sqrt(n))));
      Isometry isometry = Isometry.of(new JacobianProduct(layers));
      // 10 % at N = 400; the fluctuation of the moments falls with N.
      assertEquals(1, isometry.mean(), 0.2);
      assertEquals(layer + 1, isometry.secondMoment(), 0.3 * (layer + 1));
      assertEquals(Isometry.edge(layer), isometry.largest(), 0.3 * Isometry.edge(layer));
    }
  }

  @Test
  void rotationsKeepAllLengths() {
    double c = Math.cos(0.3);
    double s = Math.sin(0.3);
    LinearOperator rotation = LinearOperator.dense(2, 2, new double[] {c, -s, s, c});
    Isometry isometry = Isometry.of(new JacobianProduct(Collections.nCopies(50, rotation)));
    assertEquals(1, isometry.mean(), 1e-14);
    assertEquals(0, isometry.relativeVariance(), 1e-14);
    assertEquals(1, isometry.smallest(), 1e-14);
  }

  @Test
  void momentsOfGivenValues() {
    Isometry isometry = Isometry.of(1, 2);
    assertEquals(2.5, isometry.mean(), 0);
    assertEquals(8.5, isometry.secondMoment(), 0);
    assertEquals(1, isometry.smallest(), 0);
    assertEquals(4, isometry.largest(), 0);
    assertEquals(8.5 / 6.25 - 1, isometry.relativeVariance(), 1e-15);
    assertThrows(IllegalArgumentException.class, () -> Isometry.of(new double[0]));
  }
}

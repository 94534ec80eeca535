package dev.unroll.bench.matmul;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.bench.matmul.MatmulContender.Packing;
import dev.unroll.bench.probe.FmaPeak;
import dev.unroll.bench.probe.Spread;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatmulComparisonTest {

  private static final MatmulComparison.Plan SHORT = new MatmulComparison.Plan(1, 5, 2, 30);

  @Test
  void theNegativeControlLooksSlower() {
    MatmulComparison comparison =
        new MatmulComparison(
            List.of(new UnrollMatmul(Packing.BEFORE), new FourTimes()), FmaPeak.create(), SHORT);
    MatmulResult result = comparison.measure(new Shape(16, 64, 64));
    MatmulResult.Entry ours = result.best(MatmulResult.OURS);
    MatmulResult.Entry control = result.best("control");
    assertNotNull(ours);
    assertNotNull(control);
    assertEquals(5, ours.rounds().length);
    assertTrue(
        control.gflops().max() < ours.gflops().max(),
        () -> ours.gflops() + " against " + control.gflops());
    assertTrue(result.ratioToBestPeer(Packing.BEFORE) > 0);
    assertEquals(0, result.ratioToBestPeer(Packing.INSIDE));
    assertNull(result.loadBandwidth());
  }

  @Test
  void aSingleRowIsShownBesideItsLoads() {
    MatmulResult result =
        new MatmulComparison(List.of(new UnrollMatmul(Packing.BEFORE)), FmaPeak.create(), SHORT)
            .measure(new Shape(1, 64, 64));
    assertNotNull(result.loadBandwidth());
    String table = new MatmulReport(List.of(result)).table();
    assertTrue(table.contains("1,64,64"), table);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "MKL: sgemm; INSIDE",
        "MKL: sgemm_compute, B packed; BEFORE",
        "OpenBLAS: sgemv, transposed weights; BEFORE",
        "oneDNN: matmul; INSIDE",
        "oneDNN: inner product, weights reordered; BEFORE",
        "Unroll: packed; BEFORE",
        "Unroll: packing inside; INSIDE"
      })
  void theNameOfAWaySaysWhatWasPrepared(String way, Packing packing) {
    assertEquals(packing, Packing.of(way));
  }

  @Test
  void packingInsideIsMeasuredAgainstPackingInside() {
    MatmulResult result =
        new MatmulResult(
            new Shape(16, 64, 64),
            Spread.of(new double[] {200}),
            null,
            List.of(
                entry(MatmulResult.OURS, "packed", 150),
                entry(MatmulResult.OURS, "packing inside", 90),
                entry(MatmulResult.NAIVE, "loop", 1000),
                entry("peer", "sgemm", 100),
                entry("peer", "sgemm_compute, B packed", 120),
                entry("other", "weights reordered", 180)),
            List.of());
    assertEquals(0.9, result.ratioToBestPeer(Packing.INSIDE), 1e-12);
    assertEquals(150.0 / 180, result.ratioToBestPeer(Packing.BEFORE), 1e-12);
  }

  @Test
  void aPeerThatIsWrongIsLeftOutAndTheOthersAreMeasured() {
    MatmulResult result =
        new MatmulComparison(
                List.of(new Wrong("wrong"), new UnrollMatmul(Packing.BEFORE), new FourTimes()),
                FmaPeak.create(),
                SHORT)
            .measure(new Shape(16, 64, 64));
    assertNull(result.best("wrong"));
    assertNotNull(result.best(MatmulResult.OURS));
    assertNotNull(result.best("control"));
    String said = new MatmulReport(List.of(result)).leftOut();
    assertTrue(said.startsWith("Left out: wrong four times, packed"), said);
    assertEquals(1, said.lines().count());
  }

  @Test
  void weAreNeverLeftOut() {
    MatmulComparison comparison =
        new MatmulComparison(List.of(new Wrong(MatmulResult.OURS)), FmaPeak.create(), SHORT);
    assertThrows(IllegalStateException.class, () -> comparison.measure(new Shape(16, 64, 64)));
  }

  private static MatmulResult.Entry entry(String library, String way, double rate) {
    double[] rounds = {rate};
    return new MatmulResult.Entry(library, way, Packing.of(way), rounds, Spread.of(rounds));
  }

  /** A product with one wrong element in a corner. */
  private static final class Wrong extends FourTimes {
    private final String library;

    Wrong(String library) {
      this.library = library;
    }

    @Override
    public String library() {
      return library;
    }

    @Override
    public float[] result() {
      float[] product = super.result();
      product[0] += 1;
      return product;
    }
  }

  /** Our product, four times for each call. */
  private static class FourTimes implements MatmulContender {
    private final MatmulContender once = new UnrollMatmul(Packing.BEFORE);

    @Override
    public String library() {
      return "control";
    }

    @Override
    public String variant() {
      return "four times, packed";
    }

    @Override
    public boolean javaCode() {
      return true;
    }

    @Override
    public void prepare(Shape shape, float[] a, float[] b, int threads) {
      once.prepare(shape, a, b, threads);
    }

    @Override
    public void run() {
      for (int i = 0; i < 4; i++) {
        once.run();
      }
    }

    @Override
    public float[] result() {
      return once.result();
    }

    @Override
    public void close() {
      once.close();
    }
  }
}

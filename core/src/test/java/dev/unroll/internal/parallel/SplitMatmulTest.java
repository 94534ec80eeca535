package dev.unroll.internal.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.internal.pack.Packing;
import dev.unroll.internal.pack.Panels;
import dev.unroll.internal.pack.Product;
import dev.unroll.internal.spi.KernelSet;
import dev.unroll.internal.spi.MatmulKernels;
import dev.unroll.internal.spi.Twins;
import dev.unroll.testing.data.Fill;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How products are split: without threads, part by part, in an order that no thread would take. */
class SplitMatmulTest {

  static List<KernelSet> twins() {
    return Twins.present();
  }

  /** Runs the last part first, and counts them. */
  private static final class Backwards implements Splitter {
    private final int threads;
    int parts;

    Backwards(int threads) {
      this.threads = threads;
    }

    @Override
    public int threads() {
      return threads;
    }

    @Override
    public void run(int all, IntConsumer task) {
      parts = all;
      for (int part = all - 1; part >= 0; part--) {
        task.accept(part);
      }
    }

    @Override
    public void close() {}
  }

  @ParameterizedTest
  @MethodSource("twins")
  void splitsCoverEachElementOnce(KernelSet twin) {
    int lanes = twin.matmul().shape().lanes();
    int[][] shapes = {
      {1, 40 * lanes + 3},
      {3, 17 * lanes},
      {12, 9 * lanes + 1},
      {25, 4 * lanes},
      {64, 5},
      {61, 7 * lanes},
      {100, 33},
      {37, 1},
      {48, 12 * lanes}
    };
    for (int[] shape : shapes) {
      int m = shape[0];
      int n = shape[1];
      int k = (1 << 19) / (m * n) + 1;
      // beta = 1: an element that is computed twice shows as well as one that is left out.
      float[] start = Fill.MODERATE.array(m * n, 3);
      float[] expected = start.clone();
      run(twin.matmul(), m, n, k, expected, Splitter.none());
      for (int threads = 2; threads <= 7; threads++) {
        Backwards splitter = new Backwards(threads);
        float[] c = start.clone();
        run(twin.matmul(), m, n, k, c, splitter);
        String what = "m=%d n=%d k=%d threads=%d".formatted(m, n, k, threads);
        FloatAssert.assertRawBitsEqual(
            c,
            0,
            expected,
            0,
            c.length,
            Reproducer.of("SplitMatmul.run").shape(what).twin(twin.name()));
        int panels = new Panels(n, twin.matmul().shape()).count();
        int most = Math.max(Math.ceilDiv(m, 12), panels);
        assertEquals(
            Math.min(threads, most) == 1 ? 0 : Math.min(threads, most), splitter.parts, what);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("twins")
  void smallProductsAreNotHandedOut(KernelSet twin) {
    Backwards splitter = new Backwards(4);
    run(twin.matmul(), 40, 40, 40, new float[1600], splitter);
    assertEquals(0, splitter.parts);
    run(twin.matmul(), 90, 90, 90, new float[8100], splitter);
    assertTrue(splitter.parts > 1, () -> splitter.parts + " parts");
  }

  private static void run(
      MatmulKernels kernels, int m, int n, int k, float[] c, Splitter splitter) {
    Product p = new Product();
    p.m = m;
    p.n = n;
    p.k = k;
    p.beta = 1;
    p.a = Fill.MODERATE.array(m * k, 1);
    p.lda = k;
    float[] b = Fill.MODERATE.array(k * n, 2);
    Panels panels = new Panels(n, kernels.shape());
    if (n % 2 == 0) {
      p.b = b;
      p.ldb = n;
    } else {
      p.b = Packing.all(panels, k, b, 0, n, false);
      p.panels = panels;
    }
    p.c = c;
    p.ldc = n;
    new SplitMatmul(kernels, splitter).run(p, panels);
  }
}

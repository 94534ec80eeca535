package dev.unroll.internal.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.internal.pack.Packing;
import dev.unroll.internal.pack.Panels;
import dev.unroll.internal.pack.Product;
import dev.unroll.internal.pack.TileShape;
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
      {48, 12 * lanes},
      {131, 9 * lanes},
      {449, 3 * lanes + 1}
    };
    for (int[] shape : shapes) {
      int m = shape[0];
      int n = shape[1];
      int k = (1 << 18) / (m * n) + 1;
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

  /** Runs the first part alone. */
  private static final class First implements Splitter {
    @Override
    public int threads() {
      return 2;
    }

    @Override
    public void run(int all, IntConsumer task) {
      task.accept(0);
    }

    @Override
    public void close() {}
  }

  /** 64 rows are not cut 36 and 28, nor 20 rows 12 and 8. */
  @ParameterizedTest
  @MethodSource("twins")
  void partsAreEqual(KernelSet twin) {
    int n = 100 * 3 * twin.matmul().shape().lanes();
    for (int m : new int[] {8, 20, 32, 40, 64, 96, 100}) {
      int k = (1 << 18) / (m * n) + 1;
      float[] c = new float[m * n];
      run(twin.matmul(), m, n, k, c, new First());
      int done = 0;
      for (float value : c) {
        done += value == 0 ? 0 : 1;
      }
      double share = (double) done / c.length;
      assertTrue(Math.abs(share - 0.5) < 0.03, () -> "m=" + m + ": the first has " + share);
    }
  }

  /**
   * Begins each part in the middle of the one before, as threads do, but always at the same place:
   * when that part has filled its buffers and calls its first tile.
   */
  private static final class Nested implements Splitter, MatmulKernels {
    private final MatmulKernels tiles;
    private final int threads;
    private IntConsumer task = part -> {};
    private int next;
    private int all;

    Nested(MatmulKernels tiles, int threads) {
      this.tiles = tiles;
      this.threads = threads;
    }

    @Override
    public int threads() {
      return threads;
    }

    @Override
    public void run(int parts, IntConsumer newTask) {
      task = newTask;
      all = parts;
      next = 0;
      while (next < all) {
        begin();
      }
    }

    private void begin() {
      if (next < all) {
        task.accept(next++);
      }
    }

    @Override
    public void close() {}

    @Override
    public TileShape shape() {
      return tiles.shape();
    }

    @Override
    public void panel(
        int vectors,
        int rows,
        int kc,
        float[] a,
        int a0,
        int lda,
        float[] b,
        int b0,
        int ldb,
        float[] s,
        int s0,
        int lds,
        float[] c,
        int c0,
        int ldc) {
      begin();
      tiles.panel(vectors, rows, kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);
    }

    @Override
    public void streams(
        int panels,
        int vectors,
        int rows,
        int kc,
        float[] a,
        int a0,
        int lda,
        float[] b,
        int b0,
        int ldb,
        int panelStep,
        float[] s,
        int s0,
        int lds,
        int sStep,
        float[] c,
        int c0,
        int ldc,
        int cStep) {
      begin();
      tiles.streams(
          panels, vectors, rows, kc, a, a0, lda, b, b0, ldb, panelStep, s, s0, lds, sStep, c, c0,
          ldc, cStep);
    }

    @Override
    public void grouped(
        int group,
        int vectors,
        int rows,
        int kc,
        float[] a,
        int a0,
        float[] b,
        int b0,
        float[] s,
        int s0,
        int lds,
        float[] c,
        int c0,
        int ldc) {
      begin();
      tiles.grouped(group, vectors, rows, kc, a, a0, b, b0, s, s0, lds, c, c0, ldc);
    }

    @Override
    public void group(
        int group, int rows, int kc, float[] a, int a0, int lda, float[] to, int to0) {
      tiles.group(group, rows, kc, a, a0, lda, to, to0);
    }

    @Override
    public void copy(int rows, int columns, float[] a, int a0, int lda, float[] to, int to0) {
      tiles.copy(rows, columns, a, a0, lda, to, to0);
    }

    @Override
    public void sweep(
        int rows,
        int columns,
        int kc,
        float[] a,
        int a0,
        int lda,
        float[] b,
        int b0,
        int ldb,
        float[] c,
        int c0,
        int ldc) {
      begin();
      tiles.sweep(rows, columns, kc, a, a0, lda, b, b0, ldb, c, c0, ldc);
    }

    @Override
    public void pack(
        int vectors, int rows, float[] b, int b0, int ldb, float[] packed, int packed0) {
      tiles.pack(vectors, rows, b, b0, ldb, packed, packed0);
    }
  }

  /** Each part has buffers of its own: parts that run at once do not meet in one. */
  @ParameterizedTest
  @MethodSource("twins")
  void partsDoNotMeet(KernelSet twin) {
    int lanes = twin.matmul().shape().lanes();
    // Copies of B by panels, copies of A by rows, padded panels by rows.
    for (int[] shape : new int[][] {{12, 16 * lanes}, {96, 3 * lanes}, {96, lanes - 1}}) {
      int m = shape[0];
      int n = shape[1];
      int k = (1 << 18) / (m * n) + 1;
      float[] expected = new float[m * n];
      Product p = product(m, n, k, expected);
      p.alpha = 0.75f;
      Panels panels = new Panels(n, twin.matmul().shape());
      new SplitMatmul(twin.matmul(), Splitter.none()).run(p, panels);
      p.c = new float[m * n];
      Nested nested = new Nested(twin.matmul(), 4);
      new SplitMatmul(nested, nested).run(p, panels);
      String what = "m=%d n=%d k=%d".formatted(m, n, k);
      assertTrue(nested.all > 1, what);
      FloatAssert.assertRawBitsEqual(
          p.c,
          0,
          expected,
          0,
          m * n,
          Reproducer.of("SplitMatmul.run").shape(what).twin(twin.name()));
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
    Product p = product(m, n, k, c);
    // beta = 1: an element that is computed twice shows as well as one that is left out.
    p.beta = 1;
    Panels panels = new Panels(n, kernels.shape());
    if (n % 2 != 0) {
      p.b = Packing.all(panels, k, p.b, 0, n, false);
      p.panels = panels;
    }
    new SplitMatmul(kernels, splitter).run(p, panels);
  }

  private static Product product(int m, int n, int k, float[] c) {
    Product p = new Product();
    p.m = m;
    p.n = n;
    p.k = k;
    p.a = Fill.MODERATE.array(m * k, 1);
    p.lda = k;
    p.b = Fill.MODERATE.array(k * n, 2);
    p.ldb = n;
    p.c = c;
    p.ldc = n;
    return p;
  }
}

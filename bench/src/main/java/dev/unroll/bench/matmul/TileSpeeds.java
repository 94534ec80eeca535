package dev.unroll.bench.matmul;

import dev.unroll.bench.probe.FmaPeak;
import dev.unroll.bench.probe.Spread;
import dev.unroll.bench.report.Figures;
import dev.unroll.bench.report.Progress;
import dev.unroll.bench.report.Table;
import dev.unroll.internal.pack.TileShape;
import dev.unroll.internal.spi.Kernels;
import dev.unroll.internal.spi.MatmulKernels;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The speed of every register tile, with A in the L1 cache and one panel of B; A as it stands, and
 * as {@link MatmulKernels#copy} leaves it.
 */
public final class TileSpeeds {

  private static final int TURNS = 60;
  private static final int WARM_TURNS = 30;
  private static final double FLOPS_PER_TURN = 2e7;

  private final int k;
  private final FmaPeak peak = FmaPeak.create();
  private final MatmulKernels kernels = Kernels.get().matmul();
  private final int lanes = kernels.shape().lanes();

  /** Tiles over chains of {@code k}. */
  public TileSpeeds(int k) {
    this.k = k;
  }

  /** The steps that {@link #run} reports. */
  public static long steps() {
    return 2L * TileShape.TALL_ROWS * TileShape.MAX_VECTORS;
  }

  /** Measures all tiles; a table of rows by vectors. */
  public String run(Progress progress) {
    peak.warmUp();
    List<String> headings = new ArrayList<>(List.of("rows"));
    for (String end : List.of("", ", A copied")) {
      for (int vectors = 1; vectors <= TileShape.MAX_VECTORS; vectors++) {
        headings.add(vectors + (vectors == 1 ? " vector" : " vectors") + end);
      }
    }
    Table table = new Table(headings.toArray(new String[0]));
    for (int rows = 1; rows <= TileShape.TALL_ROWS; rows++) {
      List<String> cells = new ArrayList<>(List.of(Integer.toString(rows)));
      for (int lda : new int[] {k, TileShape.COPY_LDA}) {
        for (int vectors = 1; vectors <= TileShape.MAX_VECTORS; vectors++) {
          progress.next(rows + " x " + vectors);
          cells.add(Figures.percent(share(rows, vectors, lda)));
          progress.step();
        }
      }
      table.row(cells.toArray(new String[0]));
    }
    return table.render();
  }

  /** The median over turns, over the peak right after them. */
  private double share(int rows, int vectors, int lda) {
    int width = vectors * lanes;
    float[] a = random(rows * lda);
    float[] b = random(width * k);
    float[] zeros = new float[width];
    float[] c = new float[rows * width];
    double flops = 2.0 * rows * width * k;
    int calls = (int) Math.max(1, FLOPS_PER_TURN / flops);
    double[] rates = new double[TURNS];
    for (int turn = -WARM_TURNS; turn < TURNS; turn++) {
      long start = System.nanoTime();
      for (int i = 0; i < calls; i++) {
        kernels.panel(vectors, rows, k, a, 0, lda, b, 0, width, zeros, 0, 0, c, 0, width);
      }
      double rate = flops * calls / (System.nanoTime() - start);
      if (turn >= 0) {
        rates[turn] = rate;
      }
    }
    // Not turn by turn: only a whole measurement notices that the loop of the peak has become slow.
    return Spread.median(rates) / peak.measure(TURNS).median();
  }

  private static float[] random(int length) {
    SplittableRandom random = new SplittableRandom(length);
    float[] data = new float[length];
    for (int i = 0; i < length; i++) {
      data[i] = random.nextFloat() - 0.5f;
    }
    return data;
  }
}

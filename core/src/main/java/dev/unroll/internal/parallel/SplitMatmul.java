package dev.unroll.internal.parallel;

import dev.unroll.internal.pack.BlockedMatmul;
import dev.unroll.internal.pack.Panels;
import dev.unroll.internal.pack.Product;
import dev.unroll.internal.pack.TileShape;
import dev.unroll.internal.spi.MatmulKernels;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A product split over threads: by rows or by panels, whichever falls into more equal parts. Each
 * element stays one chain in one thread, so the split does not show in the bits.
 */
public final class SplitMatmul implements IntConsumer {

  /**
   * Handing a part to another thread costs a microsecond or more; below this it does not pay. From
   * here on it does, most for few rows, whose B is too large for one core's L2 cache but not for
   * two.
   */
  private static final long WORTH_SPLITTING = 1L << 18;

  /** Few rows are split in units that fill the tiles of every shape. */
  private static final int ROW_UNIT = 3 * TileShape.MAX_ROWS;

  /** From this many rows a part on, equal parts matter more than the last tile of each. */
  private static final int MANY_ROWS = 64;

  private final Splitter splitter;
  private final BlockedMatmul[] blocked;
  private @Nullable Product product;
  private @Nullable Panels panels;
  private boolean byRows;
  private int rowUnit;
  private int parts;

  /** Products of {@code kernels} over the threads of {@code splitter}. */
  public SplitMatmul(MatmulKernels kernels, Splitter splitter) {
    this.splitter = splitter;
    blocked = new BlockedMatmul[splitter.threads()];
    for (int i = 0; i < blocked.length; i++) {
      blocked[i] = new BlockedMatmul(kernels);
    }
  }

  /** One product; {@code cut} is the cut of its columns. */
  public void run(Product p, Panels cut) {
    int threads = splitter.threads();
    long work = (long) p.m * p.n * Math.max(p.k, 1);
    rowUnit = p.m >= threads * MANY_ROWS ? TileShape.MAX_ROWS : ROW_UNIT;
    int rowUnits = Math.ceilDiv(p.m, rowUnit);
    parts = Math.min(threads, Math.max(rowUnits, cut.count()));
    if (parts == 1 || work < WORTH_SPLITTING) {
      blocked[0].run(p, cut, 0, p.m, 0, cut.count());
      return;
    }
    // A call is as long as its largest part, in which the last unit need not be whole.
    int mostRows = Math.min(p.m, Math.ceilDiv(rowUnits, parts) * rowUnit);
    int mostPanels = Math.ceilDiv(cut.count(), parts);
    byRows = (double) mostRows / p.m <= (double) mostPanels / cut.count();
    product = p;
    panels = cut;
    try {
      splitter.run(parts, this);
    } finally {
      product = null;
      panels = null;
    }
  }

  @Override
  public void accept(int part) {
    Product p = product;
    Panels cut = panels;
    if (p == null || cut == null) {
      throw new IllegalStateException("no product is running");
    }
    int units = byRows ? Math.ceilDiv(p.m, rowUnit) : cut.count();
    int from = (int) ((long) units * part / parts);
    int to = (int) ((long) units * (part + 1) / parts);
    if (from == to) {
      return;
    }
    if (byRows) {
      int row1 = Math.min(to * rowUnit, p.m);
      blocked[part].run(p, cut, from * rowUnit, row1, 0, cut.count());
    } else {
      blocked[part].run(p, cut, 0, p.m, from, to);
    }
  }

  /** What the workspaces of all threads take at the moment. */
  public long workspaceBytes() {
    long bytes = 0;
    for (BlockedMatmul b : blocked) {
      bytes += b.bytes();
    }
    return bytes;
  }
}

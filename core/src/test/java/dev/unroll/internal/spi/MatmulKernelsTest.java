package dev.unroll.internal.spi;

import dev.unroll.internal.pack.TileShape;
import dev.unroll.testing.data.Fill;
import dev.unroll.testing.guard.GuardedFloats;
import dev.unroll.testing.guard.Snapshot;
import dev.unroll.testing.reference.FmaChain;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each tile of each twin against one chain for each element, and nothing written beside it. */
class MatmulKernelsTest {

  /** All remainders by 3 and by 4, after no, one and more full tiles. */
  private static final int MOST_ROWS = 17;

  private static final int[] CHAINS = {0, 1, 2, 3, 8, 17};

  static List<KernelSet> twins() {
    return Twins.present();
  }

  @ParameterizedTest
  @MethodSource("twins")
  void tilesOverPackedPanels(KernelSet twin) {
    everyTile(twin, /* gap= */ 0, /* accumulate= */ false, Fill.MODERATE);
  }

  @ParameterizedTest
  @MethodSource("twins")
  void tilesOverPanelsReadInPlace(KernelSet twin) {
    everyTile(twin, /* gap= */ 5, /* accumulate= */ false, Fill.MODERATE);
  }

  @ParameterizedTest
  @MethodSource("twins")
  void tilesThatGoOnFromC(KernelSet twin) {
    everyTile(twin, /* gap= */ 0, /* accumulate= */ true, Fill.SUBNORMALS);
    everyTile(twin, /* gap= */ 3, /* accumulate= */ true, Fill.SPECIALS);
  }

  /** Rows of A as far apart as {@link MatmulKernels#copy} puts them. */
  @ParameterizedTest
  @MethodSource("twins")
  void tilesOverCopiesOfA(KernelSet twin) {
    everyTile(twin, TileShape.COPY_LDA, /* gap= */ 0, /* accumulate= */ false, Fill.MODERATE);
    everyTile(twin, TileShape.COPY_LDA, /* gap= */ 0, /* accumulate= */ true, Fill.SPECIALS);
    everyTile(twin, TileShape.COPY_LDA, /* gap= */ 5, /* accumulate= */ true, Fill.SUBNORMALS);
  }

  @ParameterizedTest
  @MethodSource("twins")
  void copiesOfRows(KernelSet twin) {
    for (int columns = 0; columns <= 70; columns++) {
      for (int rows = 0; rows <= 3; rows++) {
        GuardedFloats a = GuardedFloats.matrix(rows, columns, 3, columns + 2, 0);
        a.fill(Fill.SPECIALS, columns);
        GuardedFloats to = GuardedFloats.matrix(rows, columns, 5, TileShape.COPY_LDA);
        Snapshot before = Snapshot.of("A", a.array());
        Reproducer where =
            Reproducer.of("MatmulKernels.copy")
                .twin(twin.name())
                .width(twin.vectorBits())
                .shape("rows=%d columns=%d".formatted(rows, columns));
        twin.matmul()
            .copy(rows, columns, a.array(), a.offset(), columns + 2, to.array(), to.offset());
        float[] expected = new float[rows * columns];
        for (int i = 0; i < rows; i++) {
          int from = a.offset() + i * (columns + 2);
          System.arraycopy(a.array(), from, expected, i * columns, columns);
        }
        FloatAssert.assertBitsEqual(to.view(), rows, columns, expected, where);
        to.assertGuardsIntact(where);
        before.assertUnmodified(where);
      }
    }
  }

  private static void everyTile(KernelSet twin, int gap, boolean accumulate, Fill fill) {
    everyTile(twin, /* lda= */ 0, gap, accumulate, fill);
  }

  /** {@code lda} 0: two more than the columns of A. */
  private static void everyTile(KernelSet twin, int lda, int gap, boolean accumulate, Fill fill) {
    for (int vectors = 1; vectors <= TileShape.MAX_VECTORS; vectors++) {
      for (int rows = 0; rows <= MOST_ROWS; rows++) {
        for (int kc : CHAINS) {
          tile(twin, vectors, rows, kc, lda, gap, accumulate, fill);
        }
        if (rows <= TileShape.TALL_ROWS) {
          tile(twin, vectors, rows, TileShape.MAX_DEPTH, lda, gap, accumulate, fill);
        }
      }
    }
  }

  private static void tile(
      KernelSet twin,
      int vectors,
      int rows,
      int kc,
      int fixedLda,
      int gap,
      boolean accumulate,
      Fill fill) {
    int width = vectors * twin.matmul().shape().lanes();
    int lda = fixedLda > 0 ? fixedLda : Math.max(kc, 1) + 2;
    // Arrays that end with their last element: who reads further is thrown out.
    GuardedFloats a = GuardedFloats.matrix(rows, kc, 3, lda, 0).fill(fill, 1);
    GuardedFloats b = GuardedFloats.matrix(kc, width, 7, width + gap, 0).fill(fill, 2);
    GuardedFloats row = GuardedFloats.matrix(1, width, 5, width, 0).fill(fill, 3);
    GuardedFloats c = GuardedFloats.matrix(rows, width, 9, width + 6);
    if (accumulate) {
      c.fill(fill, 4);
    }
    GuardedFloats s = accumulate ? c : row;
    int lds = accumulate ? c.leadingDimension() : 0;
    float[] expected = new float[rows * width];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < width; j++) {
        expected[i * width + j] =
            FmaChain.dot(
                s.array()[s.offset() + i * lds + j],
                a.array(),
                a.offset() + i * a.leadingDimension(),
                1,
                b.array(),
                b.offset() + j,
                b.leadingDimension(),
                kc);
      }
    }
    Snapshot aBefore = Snapshot.of("A", a.array());
    Snapshot bBefore = Snapshot.of("B", b.array());
    Snapshot rowBefore = Snapshot.of("S", row.array());
    Reproducer where =
        Reproducer.of("MatmulKernels.panel")
            .twin(twin.name())
            .width(twin.vectorBits())
            .shape("vectors=%d rows=%d kc=%d lda=%d gap=%d".formatted(vectors, rows, kc, lda, gap))
            .with("accumulate", accumulate)
            .with("fill", fill);
    twin.matmul()
        .panel(
            vectors,
            rows,
            kc,
            a.array(),
            a.offset(),
            a.leadingDimension(),
            b.array(),
            b.offset(),
            b.leadingDimension(),
            s.array(),
            s.offset(),
            lds,
            c.array(),
            c.offset(),
            c.leadingDimension());
    FloatAssert.assertBitsEqual(c.view(), rows, width, expected, where);
    c.assertGuardsIntact(where);
    aBefore.assertUnmodified(where);
    bBefore.assertUnmodified(where);
    rowBefore.assertUnmodified(where);
  }

  /** A transposed A, copied to groups, and tiles over them. */
  @ParameterizedTest
  @MethodSource("twins")
  void rowsInGroups(KernelSet twin) {
    int group = Math.max(TileShape.TALL_ROWS, twin.matmul().shape().lanes());
    for (int vectors = 1; vectors <= TileShape.MAX_VECTORS; vectors++) {
      for (int rows = group; rows <= 3 * group; rows += group) {
        for (int kc : CHAINS) {
          grouped(twin, group, vectors, rows, kc, false, Fill.MODERATE);
          grouped(twin, group, vectors, rows, kc, true, Fill.SPECIALS);
        }
      }
    }
  }

  private static void grouped(
      KernelSet twin, int group, int vectors, int rows, int kc, boolean accumulate, Fill fill) {
    int width = vectors * twin.matmul().shape().lanes();
    GuardedFloats a = GuardedFloats.matrix(kc, rows, 3, rows + 2, 0).fill(fill, 1);
    int step = MatmulKernels.groupStep(group, kc);
    GuardedFloats copy = GuardedFloats.matrix(rows / group, group * kc, 4, step);
    GuardedFloats b = GuardedFloats.matrix(kc, width, 7, width, 0).fill(fill, 2);
    GuardedFloats row = GuardedFloats.matrix(1, width, 5, width, 0).fill(fill, 3);
    GuardedFloats c = GuardedFloats.matrix(rows, width, 9, width + 6).fill(fill, 4);
    GuardedFloats s = accumulate ? c : row;
    int lds = accumulate ? c.leadingDimension() : 0;
    float[] expected = new float[rows * width];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < width; j++) {
        float start = s.array()[s.offset() + i * lds + j];
        int ai = a.offset() + i;
        int bj = b.offset() + j;
        expected[i * width + j] =
            FmaChain.dot(start, a.array(), ai, a.leadingDimension(), b.array(), bj, width, kc);
      }
    }
    Reproducer where =
        Reproducer.of("MatmulKernels.grouped")
            .twin(twin.name())
            .width(twin.vectorBits())
            .shape("vectors=%d rows=%d kc=%d".formatted(vectors, rows, kc))
            .with("accumulate", accumulate);
    Snapshot aBefore = Snapshot.of("A", a.array());
    twin.matmul()
        .group(
            group,
            rows,
            kc,
            a.array(),
            a.offset(),
            a.leadingDimension(),
            copy.array(),
            copy.offset());
    aBefore.assertUnmodified(where);
    copy.assertGuardsIntact(where);
    Snapshot copyBefore = Snapshot.of("the copy of A", copy.array());
    Snapshot bBefore = Snapshot.of("B", b.array());
    Snapshot rowBefore = Snapshot.of("S", row.array());
    twin.matmul()
        .grouped(
            group,
            vectors,
            rows,
            kc,
            copy.array(),
            copy.offset(),
            b.array(),
            b.offset(),
            s.array(),
            s.offset(),
            lds,
            c.array(),
            c.offset(),
            c.leadingDimension());
    FloatAssert.assertBitsEqual(c.view(), rows, width, expected, where);
    c.assertGuardsIntact(where);
    copyBefore.assertUnmodified(where);
    bBefore.assertUnmodified(where);
    rowBefore.assertUnmodified(where);
  }

  /** Few rows and several panels at once, S being C or a row that stands elsewhere. */
  @ParameterizedTest
  @MethodSource("twins")
  void fewRowsOverSeveralPanels(KernelSet twin) {
    for (int panels : new int[] {2, MatmulKernels.STREAMS}) {
      for (int vectors = 1; vectors <= TileShape.MAX_VECTORS; vectors++) {
        for (int rows = 1; rows <= twin.matmul().shape().streamRows(); rows++) {
          for (int kc : CHAINS) {
            for (int gap : new int[] {0, 3}) {
              streams(twin, panels, vectors, rows, kc, gap, false, Fill.MODERATE);
              streams(twin, panels, vectors, rows, kc, gap, true, Fill.SPECIALS);
            }
          }
          // Long chains may have a kernel of their own.
          streams(twin, panels, vectors, rows, 300, 3, true, Fill.MODERATE);
        }
      }
    }
  }

  private static void streams(
      KernelSet twin,
      int panels,
      int vectors,
      int rows,
      int kc,
      int gap,
      boolean accumulate,
      Fill fill) {
    int width = vectors * twin.matmul().shape().lanes();
    int step = width + gap;
    GuardedFloats a = GuardedFloats.matrix(rows, kc, 3, Math.max(kc, 1) + gap, 0).fill(fill, 1);
    // A panel is a row here; between two panels there is a gap.
    int panel = kc * width;
    GuardedFloats b =
        GuardedFloats.matrix(panels, panel, 7, Math.max(panel, 1) + gap, 0).fill(fill, 2);
    // A row of S and of C holds the columns of all panels, with a gap after each.
    GuardedFloats row = GuardedFloats.matrix(1, panels * step, 5, panels * step, 0).fill(fill, 3);
    GuardedFloats c = GuardedFloats.matrix(rows, panels * step, 9, panels * step + 2);
    c.fill(fill, 4);
    GuardedFloats s = accumulate ? c : row;
    int lds = accumulate ? c.leadingDimension() : 0;
    float[] expected = new float[rows * panels * step];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < panels * step; j++) {
        int within = j % step;
        float start = s.array()[s.offset() + i * lds + j];
        int ai = a.offset() + i * a.leadingDimension();
        int bj = b.offset() + j / step * b.leadingDimension() + within;
        expected[i * panels * step + j] =
            within < width
                ? FmaChain.dot(start, a.array(), ai, 1, b.array(), bj, width, kc)
                : c.view().get(i, j);
      }
    }
    Snapshot aBefore = Snapshot.of("A", a.array());
    Snapshot bBefore = Snapshot.of("B", b.array());
    Snapshot rowBefore = Snapshot.of("S", row.array());
    twin.matmul()
        .streams(
            panels,
            vectors,
            rows,
            kc,
            a.array(),
            a.offset(),
            a.leadingDimension(),
            b.array(),
            b.offset(),
            /* ldb= */ width,
            b.leadingDimension(),
            s.array(),
            s.offset(),
            lds,
            step,
            c.array(),
            c.offset(),
            c.leadingDimension(),
            step);
    Reproducer where =
        Reproducer.of("MatmulKernels.streams")
            .twin(twin.name())
            .width(twin.vectorBits())
            .shape("panels=%d vectors=%d rows=%d kc=%d".formatted(panels, vectors, rows, kc))
            .with("gap", gap)
            .with("accumulate", accumulate);
    FloatAssert.assertBitsEqual(c.view(), rows, panels * step, expected, where);
    c.assertGuardsIntact(where);
    aBefore.assertUnmodified(where);
    bBefore.assertUnmodified(where);
    rowBefore.assertUnmodified(where);
  }

  /**
   * One row over panels of three, three and two vectors, S being C or a row that stands elsewhere.
   */
  @ParameterizedTest
  @MethodSource("twins")
  void oneRowOverEightVectors(KernelSet twin) {
    int lanes = twin.matmul().shape().lanes();
    int columns = 8 * lanes;
    for (int kc : CHAINS) {
      for (boolean accumulate : new boolean[] {false, true}) {
        GuardedFloats a = GuardedFloats.matrix(1, kc, 3, Math.max(kc, 1), 0).fill(Fill.SPECIALS, 1);
        int panel = kc * 3 * lanes;
        int step = panel + 5;
        GuardedFloats b =
            GuardedFloats.matrix(3, panel, 7, Math.max(step, 1), 0).fill(Fill.SPECIALS, 2);
        GuardedFloats row = GuardedFloats.matrix(1, columns, 5, columns, 0).fill(Fill.MODERATE, 3);
        GuardedFloats c = GuardedFloats.matrix(1, columns, 9, columns);
        c.fill(Fill.MODERATE, 4);
        GuardedFloats s = accumulate ? c : row;
        float[] expected = new float[columns];
        for (int j = 0; j < columns; j++) {
          int at = j / (3 * lanes);
          int width = (at < 2 ? 3 : 2) * lanes;
          int bj = b.offset() + at * b.leadingDimension() + j % (3 * lanes);
          float start = s.array()[s.offset() + j];
          expected[j] = FmaChain.dot(start, a.array(), a.offset(), 1, b.array(), bj, width, kc);
        }
        twin.matmul()
            .eight(
                kc,
                a.array(),
                a.offset(),
                b.array(),
                b.offset(),
                b.offset() + b.leadingDimension(),
                b.offset() + 2 * b.leadingDimension(),
                s.array(),
                s.offset(),
                3 * lanes,
                c.array(),
                c.offset());
        Reproducer where =
            Reproducer.of("MatmulKernels.eight")
                .twin(twin.name())
                .width(twin.vectorBits())
                .shape("kc=%d".formatted(kc))
                .with("accumulate", accumulate);
        FloatAssert.assertBitsEqual(c.view(), 1, columns, expected, where);
        c.assertGuardsIntact(where);
      }
    }
  }

  /** All groups of rows, after no, one and more full groups of links and whole vectors. */
  @ParameterizedTest
  @MethodSource("twins")
  void sweepsOverRowsOfB(KernelSet twin) {
    for (int rows = 1; rows <= MOST_ROWS; rows++) {
      for (int vectors : new int[] {1, 2, 7}) {
        for (int kc : new int[] {0, 1, 2, 3, 4, 5, 8, 11, 12, 19}) {
          int columns = vectors * twin.matmul().shape().lanes();
          sweep(twin, rows, columns, kc, 0, Fill.MODERATE);
          sweep(twin, rows, columns, kc, 5, Fill.SPECIALS);
          if (rows == 1) {
            sweep(twin, rows, columns - 1, kc, 5, Fill.SPECIALS);
            sweep(twin, rows, columns + 3, kc, 0, Fill.MODERATE);
          }
        }
      }
    }
  }

  private static void sweep(KernelSet twin, int rows, int columns, int kc, int gap, Fill fill) {
    GuardedFloats a = GuardedFloats.matrix(rows, kc, 3, Math.max(kc, 1) + gap, 0).fill(fill, 1);
    GuardedFloats b = GuardedFloats.matrix(kc, columns, 7, columns + gap, 0).fill(fill, 2);
    GuardedFloats c = GuardedFloats.matrix(rows, columns, 9, columns + gap).fill(fill, 3);
    float[] expected = new float[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        int ai = a.offset() + i * a.leadingDimension();
        float start = c.view().get(i, j);
        int bj = b.offset() + j;
        expected[i * columns + j] =
            FmaChain.dot(start, a.array(), ai, 1, b.array(), bj, b.leadingDimension(), kc);
      }
    }
    Snapshot aBefore = Snapshot.of("A", a.array());
    Snapshot bBefore = Snapshot.of("B", b.array());
    twin.matmul()
        .sweep(
            rows,
            columns,
            kc,
            a.array(),
            a.offset(),
            a.leadingDimension(),
            b.array(),
            b.offset(),
            b.leadingDimension(),
            c.array(),
            c.offset(),
            c.leadingDimension());
    Reproducer where =
        Reproducer.of("MatmulKernels.sweep")
            .twin(twin.name())
            .width(twin.vectorBits())
            .shape("rows=%d columns=%d kc=%d gap=%d".formatted(rows, columns, kc, gap))
            .with("fill", fill);
    FloatAssert.assertBitsEqual(c.view(), rows, columns, expected, where);
    c.assertGuardsIntact(where);
    aBefore.assertUnmodified(where);
    bBefore.assertUnmodified(where);
  }

  @ParameterizedTest
  @MethodSource("twins")
  void packingAPanelMovesBits(KernelSet twin) {
    int lanes = twin.matmul().shape().lanes();
    for (int vectors = 1; vectors <= TileShape.MAX_VECTORS; vectors++) {
      for (int rows : CHAINS) {
        int width = vectors * lanes;
        GuardedFloats b = GuardedFloats.matrix(rows, width, 3, width + 5, 0).fill(Fill.BITS, rows);
        GuardedFloats packed = GuardedFloats.matrix(rows, width, 2, width);
        twin.matmul()
            .pack(
                vectors,
                rows,
                b.array(),
                b.offset(),
                b.leadingDimension(),
                packed.array(),
                packed.offset());
        Reproducer where =
            Reproducer.of("MatmulKernels.pack")
                .twin(twin.name())
                .shape("vectors=%d rows=%d".formatted(vectors, rows));
        FloatAssert.assertRawBitsEqual(packed.toDense(), 0, b.toDense(), 0, rows * width, where);
        packed.assertGuardsIntact(where);
      }
    }
  }
}

package dev.unroll.internal.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.internal.spi.KernelSet;
import dev.unroll.internal.spi.MatmulKernels;
import dev.unroll.internal.spi.Twins;
import dev.unroll.testing.arbitraries.MatmulArbitraries;
import dev.unroll.testing.arbitraries.ShapeArbitraries;
import dev.unroll.testing.data.Fill;
import dev.unroll.testing.guard.GuardedFloats;
import dev.unroll.testing.guard.GuardedMatmul;
import dev.unroll.testing.guard.MatmulSpec;
import dev.unroll.testing.reference.FmaChain;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * The driver over tiles of every shape, whatever this machine has: naive tiles show that it asks
 * for the right panels, the twins' own tiles that both give the same bits.
 */
class BlockedMatmulProperties {

  /** Longer than any block of k; see {@link #theseShapesReachEveryCut}. */
  private static final int LONG = 1600;

  @Provide
  static Arbitrary<TileShape> shapes() {
    return Arbitraries.of(
        TileShape.of(4, 32),
        TileShape.of(4, 32).withSlowDescent(true),
        TileShape.of(4, 32).withFourWide(true),
        TileShape.of(4, 16),
        TileShape.of(8, 16),
        TileShape.of(16, 32));
  }

  @Provide
  static Arbitrary<MatmulSpec> products() {
    return Arbitraries.frequencyOf(
            Tuple.of(
                12,
                MatmulArbitraries.specs(
                    ShapeArbitraries.sizesFrom(1, 20, 12, 16),
                    ShapeArbitraries.sizesFrom(1, 70, 4, 16),
                    ShapeArbitraries.sizes(20))),
            Tuple.of(
                4,
                MatmulArbitraries.specs(
                    ShapeArbitraries.sizesFrom(1, 2),
                    ShapeArbitraries.sizesFrom(1, 350, 16, 64),
                    ShapeArbitraries.sizes(9))),
            Tuple.of(
                2,
                MatmulArbitraries.specs(
                    ShapeArbitraries.sizesFrom(9, 13),
                    ShapeArbitraries.sizesFrom(110, 150),
                    ShapeArbitraries.sizesFrom(110, 150))),
            Tuple.of(
                1,
                MatmulArbitraries.specs(
                    ShapeArbitraries.sizesFrom(1, 18),
                    ShapeArbitraries.sizesFrom(100, 150, 128),
                    ShapeArbitraries.sizesFrom(130, 180))),
            Tuple.of(
                1,
                MatmulArbitraries.specs(
                    ShapeArbitraries.sizesFrom(1, 9),
                    ShapeArbitraries.sizesFrom(1, 20),
                    ShapeArbitraries.sizesFrom(300, LONG, 256, 384))))
        .withoutEdgeCases();
  }

  @Property
  void partsOfAProductAreItsElementsAndNoOthers(
      @ForAll("products") MatmulSpec spec,
      @ForAll("shapes") TileShape shape,
      @ForAll boolean packed,
      @ForAll boolean backwards,
      @ForAll int cuts) {
    NaiveKernels kernels = new NaiveKernels(shape);
    GuardedMatmul product = spec.build();
    Panels panels = new Panels(spec.n(), shape);
    int row0 = Math.floorMod(cuts, spec.m());
    int row1 = row0 + 1 + Math.floorMod(cuts >> 8, spec.m() - row0);
    int panel0 = Math.floorMod(cuts >> 16, panels.count());
    int panel1 = panel0 + 1 + Math.floorMod(cuts >> 24, panels.count() - panel0);
    float[] before = product.c().toDense();
    run(kernels, product, panels, packed, backwards, row0, row1, panel0, panel1);

    Reproducer where =
        Reproducer.of("BlockedMatmul.run")
            .shape("rows [%d, %d) panels [%d, %d)".formatted(row0, row1, panel0, panel1))
            .with("tiles", shape)
            .with("backwards", backwards)
            .with("packed", packed);
    int from = panels.column(panel0);
    int to = panels.column(panel1 - 1) + panels.columns(panel1 - 1);
    float[] expected = before.clone();
    for (int i = row0; i < row1; i++) {
      for (int j = from; j < to; j++) {
        expected[i * spec.n() + j] = FmaChain.element(product.product(), i, j);
      }
    }
    FloatAssert.assertBitsEqual(
        product.c().view(), spec.m(), spec.n(), expected, where.with("spec", spec));
    product.assertMemory(where);
  }

  /** Each twin has its own panels; neither shows in the bits. */
  @Property
  void twinsGiveTheSameBits(
      @ForAll("products") MatmulSpec spec, @ForAll boolean packed, @ForAll boolean backwards) {
    for (KernelSet twin : Twins.present()) {
      GuardedMatmul product = spec.build();
      Panels panels = new Panels(spec.n(), twin.matmul().shape());
      run(twin.matmul(), product, panels, packed, backwards, 0, spec.m(), 0, panels.count());
      Reproducer where =
          Reproducer.of("BlockedMatmul.run")
              .twin(twin.name())
              .width(twin.vectorBits())
              .with("backwards", backwards)
              .with("packed", packed);
      product.assertChain(where);
      product.assertMemory(where);
    }
  }

  /** All sequences of panels, which few rows of a packed B take several at a time. */
  @Example
  void everyNumberOfVectors() {
    int streams = 0;
    int eights = 0;
    for (TileShape shape : List.of(TileShape.of(4, 32), TileShape.of(4, 16))) {
      for (int n = 1; n <= 42 * shape.lanes(); n++) {
        for (int m = 1; m <= shape.streamRows() + 1; m++) {
          NaiveKernels kernels = new NaiveKernels(shape);
          GuardedMatmul product = MatmulSpec.of(m, n, 3).build();
          Panels panels = new Panels(n, shape);
          boolean backwards = (n + m) % 2 == 0;
          run(kernels, product, panels, true, backwards, 0, m, 0, panels.count());
          product.assertChain(
              Reproducer.of("BlockedMatmul.run").with("tiles", shape).with("backwards", backwards));
          streams += kernels.streams;
          eights += kernels.eights;
        }
      }
    }
    assertTrue(streams > 0 && eights > 0, "several panels at a time");
  }

  /**
   * A packed B larger than an L2 cache: two panels at a time, or four where products take turns.
   */
  @Example
  void fewRowsOfALargePackedB() {
    for (int m : new int[] {1, 2}) {
      int[] streams = new int[2];
      for (boolean turns : new boolean[] {false, true}) {
        NaiveKernels kernels = new NaiveKernels(TileShape.of(16, 32));
        GuardedMatmul product = MatmulSpec.of(m, 1043, 400).build();
        Panels panels = new Panels(1043, kernels.shape());
        Product p = packed(product, panels);
        p.inTurns = turns;
        p.backwards = turns;
        new BlockedMatmul(kernels).run(p, panels, 0, m, 0, panels.count());
        product.assertChain(Reproducer.of("BlockedMatmul.run").with("turns", turns));
        streams[turns ? 1 : 0] = kernels.streams;
      }
      assertTrue(streams[1] < streams[0], "more panels at a time in turns");
    }
  }

  /** One row over panels of three, three and two vectors, in more than one block of k. */
  @Example
  void eightVectorsInBlocksOfK() {
    for (KernelSet twin : Twins.present()) {
      int n = 8 * twin.matmul().shape().lanes();
      GuardedMatmul product = MatmulSpec.of(1, n, 2 * TileShape.MAX_DEPTH + 5).build();
      Panels panels = new Panels(n, twin.matmul().shape());
      run(twin.matmul(), product, panels, true, false, 0, 1, 0, panels.count());
      product.assertChain(Reproducer.of("BlockedMatmul.run").twin(twin.name()));
    }
  }

  /** Blocks of k, of rows and of packed columns, in one product; all others are smaller. */
  @Example
  void everyCutInOneProduct() {
    for (KernelSet twin : Twins.present()) {
      for (boolean packed : new boolean[] {false, true}) {
        GuardedMatmul product = inAllBlocks().build();
        Panels panels = new Panels(product.spec().n(), twin.matmul().shape());
        run(
            twin.matmul(),
            product,
            panels,
            packed,
            packed,
            0,
            product.spec().m(),
            0,
            panels.count());
        product.assertChain(
            Reproducer.of("BlockedMatmul.run").twin(twin.name()).with("packed", packed));
      }
    }
  }

  /**
   * Guards the tests above: when the blocks grow, the shapes must grow with them, or the seams
   * between blocks are no longer tested.
   */
  @Example
  void theseShapesReachEveryCut() {
    MatmulSpec spec = inAllBlocks();
    NaiveKernels kernels = new NaiveKernels(TileShape.of(16, 32));
    Panels panels = new Panels(spec.n(), kernels.shape());
    run(kernels, spec.build(), panels, false, false, 0, spec.m(), 0, panels.count());
    assertTrue(2 * kernels.longestChain <= LONG, "two blocks of k in the properties");
    assertTrue(2 * kernels.longestChain < spec.k(), "three blocks of k");
    assertTrue(kernels.mostRows < spec.m(), "blocks of rows");
    assertTrue(kernels.groups > 0 && spec.m() % 16 != 0, "groups of rows, and rows behind them");
    MatmulSpec wide = wide();
    panels = new Panels(wide.n(), kernels.shape());
    BlockedMatmul blocked = new BlockedMatmul(kernels);
    blocked.run(product(wide.build()), panels, 0, wide.m(), 0, panels.count());
    assertTrue(blocked.bytes() < 4L * wide.n() * wide.k(), "blocks of columns");
  }

  /** B is packed in more than one block of columns. */
  @Example
  void blocksOfColumns() {
    for (KernelSet twin : Twins.present()) {
      GuardedMatmul product = wide().build();
      Panels panels = new Panels(product.spec().n(), twin.matmul().shape());
      run(twin.matmul(), product, panels, false, false, 0, product.spec().m(), 0, panels.count());
      product.assertChain(Reproducer.of("BlockedMatmul.run").twin(twin.name()));
      product.assertMemory(Reproducer.of("BlockedMatmul.run").twin(twin.name()));
    }
  }

  /** Few rows take a B that is neither packed nor small row by row. */
  @Example
  void fewRowsSweepB() {
    int variant = 0;
    for (int m = 1; m <= 16; m++) {
      // Around whole panels, and more columns than the part of C that stays in the L1 cache.
      for (int n : new int[] {128, 250 + m, 4096 / m + 37}) {
        int k = 16 * 1024 / n + 2 + m % 5;
        MatmulSpec spec = fewRows(m, n, k, variant++);
        NaiveKernels kernels = new NaiveKernels(TileShape.of(8, 16));
        multiply(spec, kernels, "naive");
        assertTrue(kernels.sweeps > 0, () -> "no sweep for " + spec);
        for (KernelSet twin : Twins.present()) {
          multiply(spec, twin.matmul(), twin.name());
        }
      }
    }
  }

  /** The chains of a sweep go on from C after each block of k. */
  @Example
  void sweepsInBlocksOfK() {
    MatmulSpec spec = fewRows(5, 134, 2100, 0);
    NaiveKernels kernels = new NaiveKernels(TileShape.of(8, 16));
    multiply(spec, kernels, "naive");
    assertTrue(kernels.sweeps > 0 && 2 * kernels.longestSweep <= spec.k(), "two blocks of k");
    for (KernelSet twin : Twins.present()) {
      multiply(spec, twin.matmul(), twin.name());
    }
  }

  /** More rows pack B in groups of panels, each of which stays in the L2 cache. */
  @Example
  void groupsOfPackedPanels() {
    MatmulSpec spec = fewRows(17, 403, 300, 2);
    NaiveKernels kernels = new NaiveKernels(TileShape.of(8, 16));
    BlockedMatmul blocked = multiply(spec, kernels, "naive");
    assertTrue(kernels.sweeps == 0 && blocked.bytes() < 4L * spec.n() * spec.k(), "groups");
    for (KernelSet twin : Twins.present()) {
      multiply(spec, twin.matmul(), twin.name());
    }
  }

  /** Where a walk down a panel of a large B is slow, fewer rows copy it; whole panels only. */
  @Example
  void aLargeBIsCopiedWhereADescentIsSlow() {
    TileShape shape = TileShape.of(16, 32);
    for (int[] size :
        new int[][] {{12, 3072, 130}, {13, 3072, 130}, {48, 1056, 130}, {49, 1056, 130}}) {
      MatmulSpec spec = fewRows(size[0], size[1], size[2], 0);
      boolean more = size[0] == 13 || size[0] == 49;
      assertEquals(0, multiply(spec, new NaiveKernels(shape), "naive").bytes());
      long bytes =
          multiply(spec, new NaiveKernels(shape.withSlowDescent(true)), "slow descent").bytes();
      assertEquals(more, bytes > 0, () -> "a copy for " + spec);
      for (KernelSet twin : Twins.present()) {
        multiply(spec, twin.matmul(), twin.name());
      }
    }
  }

  /** B as it stands; all combinations of the rest, one for each variant. */
  private static MatmulSpec fewRows(int m, int n, int k, int variant) {
    // By threes: each of the three n of fewRowsSweepB meets every beta.
    float beta = new float[] {0, 1, -0.5f}[variant / 3 % 3];
    return new MatmulSpec(
        variant % 5 == 1,
        false,
        m,
        n,
        k,
        variant % 2 == 0 ? 1 : 3,
        beta,
        variant % 4 > 1,
        new MatmulSpec.Offsets(1, 2, 3, 4),
        new MatmulSpec.Paddings(2, 3, 1),
        Fill.MODERATE,
        variant);
  }

  private static BlockedMatmul multiply(MatmulSpec spec, MatmulKernels kernels, String twin) {
    GuardedMatmul product = spec.build();
    Panels panels = new Panels(spec.n(), kernels.shape());
    BlockedMatmul blocked = new BlockedMatmul(kernels);
    blocked.run(product(product), panels, 0, spec.m(), 0, panels.count());
    Reproducer where = Reproducer.of("BlockedMatmul.run").twin(twin).with("spec", spec);
    product.assertChain(where);
    product.assertMemory(where);
    return blocked;
  }

  private static MatmulSpec inAllBlocks() {
    return with(230, 19, 1543);
  }

  private static MatmulSpec wide() {
    return with(9, 1700, 11);
  }

  private static MatmulSpec with(int m, int n, int k) {
    return new MatmulSpec(
        true,
        true,
        m,
        n,
        k,
        1.5f,
        -0.5f,
        true,
        new MatmulSpec.Offsets(1, 2, 3, 4),
        new MatmulSpec.Paddings(1, 2, 3),
        Fill.MODERATE,
        1);
  }

  private static void run(
      MatmulKernels kernels,
      GuardedMatmul product,
      Panels panels,
      boolean packed,
      boolean backwards,
      int row0,
      int row1,
      int panel0,
      int panel1) {
    Product p = packed ? packed(product, panels) : product(product);
    p.backwards = backwards;
    new BlockedMatmul(kernels).run(p, panels, row0, row1, panel0, panel1);
  }

  private static Product packed(GuardedMatmul product, Panels panels) {
    Product p = product(product);
    GuardedFloats b = product.b();
    boolean transposed = product.spec().transposeB();
    p.b = Packing.all(panels, p.k, b.array(), b.offset(), b.leadingDimension(), transposed);
    p.b0 = Packing.START;
    p.panels = panels;
    p.transposeB = false;
    return p;
  }

  private static Product product(GuardedMatmul product) {
    MatmulSpec spec = product.spec();
    Product p = new Product();
    p.m = spec.m();
    p.n = spec.n();
    p.k = spec.k();
    p.alpha = spec.alpha();
    p.beta = spec.beta();
    p.transposeA = spec.transposeA();
    p.transposeB = spec.transposeB();
    p.a = product.a().array();
    p.a0 = product.a().offset();
    p.lda = product.a().leadingDimension();
    p.b = product.b().array();
    p.b0 = product.b().offset();
    p.ldb = product.b().leadingDimension();
    p.c = product.c().array();
    p.c0 = product.c().offset();
    p.ldc = product.c().leadingDimension();
    if (spec.bias()) {
      p.bias = product.bias().array();
      p.bias0 = product.bias().offset();
    }
    return p;
  }
}

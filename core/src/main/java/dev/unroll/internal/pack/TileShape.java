package dev.unroll.internal.pack;

import dev.unroll.internal.spi.MatmulKernels;

/**
 * The register tiles of one register file, and how many columns make a panel.
 *
 * <p>A tile of r rows by v vectors keeps r * v accumulators in registers, besides the v vectors of
 * B and one broadcast element of A. What C2 makes of it decides, more than the arithmetic does:
 *
 * <ul>
 *   <li>32 registers: eight rows by three vectors, 24 accumulators; what is left of the rows is cut
 *       evenly, five to eight at a time. Where the core fuses two vectors of 512 bits a cycle, a
 *       panel from an L2 cache must serve as many rows as can be: four by four reach 78 % of the
 *       FMA peak there, eight by three 93 %. A vector of 512 bits that an array on the heap does
 *       not align costs two loads, so few loads for each fused operation matter, too. Eight
 *       addresses of rows of A just fit into the general registers; nine rows fall to half the
 *       speed in some JVMs. Where finding the elements of A takes too many operations, A is copied
 *       first, see {@link #copiesA}. Up to four rows take two or four panels at once, see {@link
 *       #streamRows}.
 *   <li>16 registers: four rows by three vectors or six by two, twelve accumulators, over packed
 *       panels. Anything that lets C2 move the loads of a turn together costs registers that are
 *       not there, and accumulators spilled inside the loop halve its speed; over panels read in
 *       place it stays at nine.
 * </ul>
 *
 * @param lanes the floats of one vector
 * @param registers the vector registers
 * @param slowDescent whether a walk down a panel of an unpacked B, whose rows are pages apart,
 *     waits for an L3 cache at each row; see {@link #inPlaceRows}
 * @param fourWide whether a core issues four operations a cycle at most; see {@link #copiesA}
 */
public record TileShape(int lanes, int registers, boolean slowDescent, boolean fourWide) {

  /** So many rows are few: one tile, whole chains. Also the unit in which many rows are split. */
  public static final int MAX_ROWS = 4;

  /** The rows of the tallest tile of any shape. */
  public static final int TALL_ROWS = 8;

  /** The widest panel, in vectors. */
  public static final int MAX_VECTORS = 3;

  /**
   * The links of a chain that one call of a kernel takes, at most.
   *
   * <p>A collector with safepoints inside counted loops, such as G1, makes C2 nest each of them in
   * a loop over strips of a thousand turns. Its registers are then missing in the tiles: general
   * ones were spilled on the path of the loads, and products were 12 to 15 % slower than with the
   * serial collector. A loop that cannot turn that often gets no strips, and also has one register
   * more.
   */
  public static final int MAX_DEPTH = 992;

  /**
   * The leading dimension of a copy of A, which tiles know as a constant; see {@link #copiesA}.
   *
   * <p>At least {@link #MAX_DEPTH}, in whole cache lines, and 9 lines more than a page: so eight
   * rows of up to 144 links share no set of an L1 cache, and longer ones use all sets alike.
   */
  public static final int COPY_LDA = 1168;

  /** The rows of a copy of A at most: its pages are few enough for what a core keeps of them. */
  private static final int COPY_ROWS = 192;

  /** Columns of B from which on a copy of A pays. */
  private static final int COPY_PAYS = 96;

  private static final int PANEL_FLOATS = 24 * 1024;

  /** Up to this many floats an unpacked B is small, see {@link #inPlaceRows}. */
  private static final int IN_PLACE_FLOATS = 16 * 1024;

  /** Up to this many floats of an unpacked B a copy never pays. */
  private static final int TINY_FLOATS = 4 * 1024;

  /** From more floats of an unpacked B on, a copy pays for fewer rows where a descent is slow. */
  private static final int COPY_FLOATS = 128 * 1024;

  /** Floats of B that an L2 cache of 1 MiB holds, or nearly. */
  private static final int L2_FLOATS = 384 * 1024;

  /** For a file of {@code registers} vector registers of {@code lanes} floats. */
  public static TileShape of(int lanes, int registers) {
    return new TileShape(lanes, registers >= 32 ? 32 : 16, false, false);
  }

  /** The same for a core with a slow descent, where {@code slow}. */
  public TileShape withSlowDescent(boolean slow) {
    return new TileShape(lanes, registers, slow, fourWide);
  }

  /** The same for a core that issues four operations a cycle, where {@code fourWide}. */
  public TileShape withFourWide(boolean fourWide) {
    return new TileShape(lanes, registers, slowDescent, fourWide);
  }

  /** Whether tiles have 32 registers. */
  public boolean large() {
    return registers == 32;
  }

  /**
   * The rows up to which several packed panels are walked at once, see {@link #streams}: few rows
   * have few chains in one panel, and are bound by the bytes of B, of which several streams keep
   * more on their way.
   */
  public int streamRows() {
    return large() ? 4 : 1;
  }

  /**
   * The rows of a group, in which a copy of a transposed A stands; 0 if it stands row by row.
   *
   * <p>A link of a group is one vector or two of the transposed A, moved as they are: a copy row by
   * row scatters their elements over as many cache lines (1024 x 256 x 3200: 178 GFLOP/s instead of
   * 212). Tiles for 16 registers do not read groups.
   */
  public int groupRows() {
    return large() ? Math.max(TALL_ROWS, lanes) : 0;
  }

  /**
   * How many panels few rows take at once: four, but with three rows and four the registers hold
   * the chains of two.
   *
   * <p>With 32 registers two, too, where a B of {@code floats} comes from an L3 cache as a whole:
   * one row of 4 MB takes 57 GFLOP/s so, 48 with four streams, of which a prefetcher follows each
   * less far. Where products take turns, a part of it comes from the L2 cache: 58 and 65.
   */
  int streams(int rows, long floats, boolean inTurns) {
    boolean fromL3 = large() && floats > L2_FLOATS && !inTurns;
    return rows <= 2 && !fromL3 ? MatmulKernels.STREAMS : 2;
  }

  /**
   * Whether panels that are walked at once lie as far apart as there are visits, so that each
   * stream goes on where it has ended; else they are neighbours.
   *
   * <p>Vectors of 512 bits from an L2 cache, one row: four streams that go on take 112 to 120
   * GFLOP/s, four neighbours, whose streams jump from visit to visit, 64, and so do two streams or
   * one, whatever their order: 32 bytes a cycle, half of what this cache delivers to the first.
   * Measured on one kind of core (Zen 5); with 16 registers a panel at a time or neighbours stay.
   */
  boolean farStreams() {
    return large();
  }

  /**
   * The longest piece of a chain between two visits to C, where a panel of B serves several tiles.
   *
   * <p>Three vectors of 256 bits: a tile reads 16 bytes of the panel a cycle, which an L2 cache of
   * 512 KiB delivers; a panel that stays in the L1 cache saves less than the visits to C cost that
   * it takes (measured: 87 to 88 % of the FMA peak instead of 82 % from 768 up). Three of 512 bits
   * and eight rows: as many bytes a cycle, of which an L2 cache of 1 MiB delivers four times as
   * many; together with the block of A the panel takes half of that cache. Blocks of 384 links are
   * up to 4 % slower from 768 up.
   */
  int kBlock() {
    return large() ? 768 : Math.min(MAX_DEPTH, PANEL_FLOATS / (MAX_VECTORS * lanes));
  }

  /**
   * The number of turns of a tile's loop, as C2 can see it: no fewer than none and no more than
   * {@link #MAX_DEPTH}.
   *
   * @throws IllegalArgumentException if {@code kc} lies outside
   */
  public static int depth(int kc) {
    int depth = Math.max(0, Math.min(kc, MAX_DEPTH));
    if (depth != kc) {
      throw new IllegalArgumentException("kc = " + kc + " is not within [0, " + MAX_DEPTH + "]");
    }
    return depth;
  }

  /**
   * Whether {@code rows} rows of A, for {@code columns} of B, are copied to rows {@link #COPY_LDA}
   * apart, for tiles that know this distance.
   *
   * <p>Where it is any distance, a turn of eight rows by three vectors is 54 operations: 24 fused
   * ones, and to find eight elements of A, besides their loads, six additions and nine checks. A
   * core that issues four a cycle needs 14 cycles for them and the fused ones twelve; it also lets
   * checks and additions take places of fused ones. Cascade Lake: 81 % of the FMA peak, with a copy
   * 95 %; while a neighbour uses the other half of the core, 66 and 84 GFLOP/s. The copy takes 3 to
   * 6 cycles for each vector, as much as it saves where B has 96 columns.
   *
   * <p>With 16 registers, C2 loads all elements of A early once their checks are gone, and the
   * accumulators of four rows by three vectors go to the stack: there A stays where it is.
   */
  boolean copiesA(int rows, int columns) {
    return fourWide && large() && rows > MAX_ROWS && columns >= COPY_PAYS;
  }

  /** The rows of the next tile of {@code rows}: as few tiles as can be, as equal as can be. */
  public static int tallRows(int rows) {
    return Math.ceilDiv(rows, Math.ceilDiv(rows, TALL_ROWS));
  }

  /** The rows of a block of A at most, whatever the length of its chains. */
  int blockRows() {
    return fourWide && large() ? COPY_ROWS : Integer.MAX_VALUE;
  }

  /** The floats of a block of A, which stays in the L2 cache of 512 KiB or 1 MiB. */
  int aBlock() {
    return large() ? 96 * 1024 : 48 * 1024;
  }

  /**
   * The rows of a chunk of inputs where the matrices of a cell, W and R, do not stay in an L2 cache
   * together: the steps of a chunk read R again and again, so W goes through the caches once for
   * all of them. Fewer where that cache has 1 MiB, as beside 32 registers: then what waits for R h
   * comes from it (1 to 4 % faster).
   */
  public int chunkRows() {
    return large() ? 128 : 256;
  }

  /**
   * The rows up to which an unpacked B of {@code floats} is read in place.
   *
   * <p>Sixteen registers: tiles over a packed panel have twelve accumulators instead of nine, which
   * pays for the copy from 40 rows on where B is small (128 cubed: 85 GFLOP/s; in place 64, or 76
   * where no vector of B lies across two cache lines, which is as the collector has placed the
   * array). A larger B is swept, but for narrow ones, or packed.
   *
   * <p>32: the same tiles serve both, and eight rows a pass hide the walk down a panel whose rows
   * are far apart (20 x 2048 x 512: 206 GFLOP/s; packed first 127; from 128 rows on the copy pays).
   * Where a descent is slow they do not: 20 rows in place 55, packed first 72, 64 rows 63 and 117;
   * and of 1 MiB, 64 x 1024 x 256, 116 and 138, but 32 rows 124 and 115.
   *
   * <p>Where a core issues four operations a cycle, tiles over packed panels and a copied A gain
   * more than elsewhere: 128 cubed 74 instead of 52, 32 x 1024 x 256 44 instead of 22.
   */
  int inPlaceRows(long floats) {
    if (fourWide && large()) {
      return floats <= TINY_FLOATS ? Integer.MAX_VALUE : floats <= COPY_FLOATS ? 16 : 5;
    }
    if (small(floats)) {
      return large() ? Integer.MAX_VALUE : 36;
    }
    if (!large()) {
      return 8;
    }
    if (!slowDescent || floats <= COPY_FLOATS) {
      return 64;
    }
    return floats <= L2_FLOATS ? 48 : 12;
  }

  /** Whether an unpacked B of {@code floats} is small: read in place, never swept. */
  static boolean small(long floats) {
    return floats <= IN_PLACE_FLOATS;
  }

  /** The rows up to which a B that is not small is swept, see {@link Sweep}. */
  int sweepRows() {
    return large() ? 3 : 16;
  }

  /** The width of the next panel when {@code vectors} are left: as few as can be, none narrow. */
  int nextPanel(int vectors) {
    return vectors == 4 ? 2 : Math.min(vectors, MAX_VECTORS);
  }
}

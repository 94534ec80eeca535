package dev.unroll.internal.pack;

/**
 * The register tiles of one register file, and how many columns make a panel.
 *
 * <p>A tile of r rows by v vectors keeps r * v accumulators in registers, besides the v vectors of
 * B and one broadcast element of A. What C2 makes of it decides, more than the arithmetic does:
 *
 * <ul>
 *   <li>32 registers: four rows by up to four vectors. Four rows of A are read in place; from six
 *       rows on their addresses no longer fit into the general registers, C2 spills them, and the
 *       tile falls from 97 % of the FMA peak to 60 to 90 %. Six vectors are as fast in the loop but
 *       cost twice as much to load and store, which shows in short chains.
 *   <li>16 registers: four rows by three vectors or six by two, twelve accumulators, over packed
 *       panels. Anything that lets C2 move the loads of a turn together costs registers that are
 *       not there, and accumulators spilled inside the loop halve its speed; over panels read in
 *       place it stays at nine.
 * </ul>
 *
 * @param lanes the floats of one vector
 * @param maxVectors the widest panel, in vectors
 */
public record TileShape(int lanes, int maxVectors) {

  /** The rows that are walked at once, at most, over panels of every width. */
  public static final int MAX_ROWS = 4;

  /** The rows of the tallest tile: over packed panels of two vectors, with 16 registers. */
  public static final int TALL_ROWS = 6;

  /** The widest panel of any shape, in vectors. */
  public static final int MAX_VECTORS = 4;

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

  private static final int PANEL_FLOATS = 24 * 1024;

  /** For a file of {@code registers} vector registers of {@code lanes} floats. */
  public static TileShape of(int lanes, int registers) {
    return new TileShape(lanes, registers >= 32 ? MAX_VECTORS : 3);
  }

  /**
   * The longest piece of a chain between two visits to C, where a panel of B serves several tiles.
   *
   * <p>Three vectors of 256 bits: a tile reads 16 bytes of the panel a cycle, which an L2 cache of
   * 512 KiB delivers; a panel that stays in the L1 cache saves less than the visits to C cost that
   * it takes (measured: 87 to 88 % of the FMA peak instead of 82 % from 768 up). Four of 512 bits:
   * together with the block of A the panel takes a third of an L2 cache of 1 MiB: pages are
   * scattered, so a working set of half the cache already loses lines.
   */
  int kBlock() {
    return maxVectors == 3 ? Math.min(MAX_DEPTH, PANEL_FLOATS / (3 * lanes)) : 384;
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

  /** The floats of a block of A, which stays in the L2 cache of 512 KiB or 1 MiB. */
  int aBlock() {
    return maxVectors == 3 ? 48 * 1024 : 64 * 1024;
  }

  /**
   * The rows up to which a small unpacked B is read in place.
   *
   * <p>Sixteen registers: tiles over a packed panel have twelve accumulators instead of nine, which
   * from 40 rows on pays for the copy (128 cubed: 85 GFLOP/s; in place 64, or 76 where no vector of
   * B lies across two cache lines, which is as the collector has placed the array).
   */
  int inPlaceRows() {
    return maxVectors == 3 ? 36 : Integer.MAX_VALUE;
  }

  /** The width of the next panel when {@code vectors} are left: as few as can be, none narrow. */
  int nextPanel(int vectors) {
    if (maxVectors == 3) {
      return vectors == 4 ? 2 : Math.min(vectors, 3);
    }
    boolean threes = vectors > 4 && (vectors % 4 == 1 || vectors % 4 == 2);
    return threes ? 3 : Math.min(vectors, MAX_VECTORS);
  }
}

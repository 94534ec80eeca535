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
 *   <li>16 registers: three rows by three vectors, nine accumulators; with ten or more C2 spills
 *       accumulators inside the loop and the tile halves its speed.
 * </ul>
 *
 * @param lanes the floats of one vector
 * @param maxVectors the widest panel, in vectors
 */
public record TileShape(int lanes, int maxVectors) {

  /** The rows that are walked at once, at most. */
  public static final int MAX_ROWS = 4;

  /** The widest panel of any shape, in vectors. */
  public static final int MAX_VECTORS = 4;

  /** For a file of {@code registers} vector registers of {@code lanes} floats. */
  public static TileShape of(int lanes, int registers) {
    return new TileShape(lanes, registers >= 32 ? MAX_VECTORS : 3);
  }

  /** The rows of a tile that is {@code vectors} wide. */
  public int rows(int vectors) {
    return maxVectors == 3 && vectors == 3 ? 3 : MAX_ROWS;
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

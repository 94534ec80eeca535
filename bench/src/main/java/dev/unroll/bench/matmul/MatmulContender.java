package dev.unroll.bench.matmul;

import java.util.regex.Pattern;

/**
 * One way of computing {@code C = A B} in f32 that takes part in the comparison.
 *
 * <p>Everything that a user does once for a given weight matrix (copying to native memory, packing,
 * building a primitive) belongs into {@link #prepare}; everything that is paid for each product
 * belongs into {@link #run}.
 */
public interface MatmulContender extends AutoCloseable {

  /** Whose code runs, for example {@code OpenBLAS}. */
  String library();

  /** Which of the library's ways is taken, for example {@code sgemm}; see {@link Packing#of}. */
  String variant();

  /** Whether {@link #run} may use weights that {@link #prepare} has packed. */
  default Packing packing() {
    return Packing.of(variant());
  }

  /** Whether it is compiled while it runs. */
  default boolean javaCode() {
    return false;
  }

  /** Whether this contender can compute the shape at this number of threads. */
  default boolean accepts(Shape shape, int threads) {
    return true;
  }

  /**
   * Sets the operands, row-major without gaps, and the number of threads. Called again for the next
   * shape; releases what it held for the last one.
   */
  void prepare(Shape shape, float[] a, float[] b, int threads);

  /** Computes the product once. */
  void run();

  /** A copy of the last product, row-major. */
  float[] result();

  /** Releases what {@link #prepare} took. */
  @Override
  void close();

  /** What has been done to the right-hand operand before the clock starts. */
  enum Packing {
    /** Nothing: any packing happens inside the timing. */
    INSIDE,
    /** The weights were packed or reordered once, outside the timing. */
    BEFORE;

    private static final Pattern PREPARED = Pattern.compile("\\b(packed|reordered|transposed)\\b");

    /**
     * What the name of a way says, which is all that stored results keep: a way that uses prepared
     * weights is called packed, reordered or transposed.
     */
    public static Packing of(String way) {
      return PREPARED.matcher(way).find() ? BEFORE : INSIDE;
    }

    /**
     * Whether a way with the packing {@code peer} does what this one does: packing inside the
     * timing is measured against packing inside the timing, packed weights against any way.
     */
    public boolean comparesWith(Packing peer) {
      return this == BEFORE || peer == INSIDE;
    }
  }
}

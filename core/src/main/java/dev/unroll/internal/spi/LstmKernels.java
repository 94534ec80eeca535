package dev.unroll.internal.spi;

/** The elementwise part of an LSTM step. */
public interface LstmKernels {

  /**
   * For each row r below {@code rows} and unit j below {@code units}, with z the sums of the four
   * gates, which stand {@code gateStride} elements apart:
   *
   * <pre>
   *   i = sigmoid(z[r][0][j])   f = sigmoid(z[r][1][j])   g = tanh(z[r][2][j])   o = sigmoid(z[r][3][j])
   *   c[r][j] = fma(f, c[r][j], i * g)
   *   h[r][j] = o * tanh(c[r][j])
   * </pre>
   *
   * <p>Leading dimensions are in elements; h overlaps nothing. Of c and h these units only are read
   * and written. z is used up: what it holds afterwards is undefined, also in the padding that
   * fills the last vector of each gate.
   */
  void gates(
      int rows,
      int units,
      float[] z,
      int z0,
      int ldz,
      int gateStride,
      float[] c,
      int c0,
      int ldc,
      float[] h,
      int h0,
      int ldh);
}

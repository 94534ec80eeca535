package dev.unroll.bench.lstm;

/** An LSTM layer: T steps, N rows, I inputs, H units. */
public record LstmShape(int steps, int batch, int inputs, int units) {

  public LstmShape {
    if (steps < 1 || batch < 1 || inputs < 1 || units < 1) {
      throw new IllegalArgumentException(
          "T, N, I and H must be positive: " + steps + "," + batch + "," + inputs + "," + units);
    }
  }

  /** Reads {@code T,N,I,H}. */
  public static LstmShape parse(String text) {
    String[] parts = text.split(",", -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException("a shape is T,N,I,H, not: " + text);
    }
    return new LstmShape(
        Integer.parseInt(parts[0].strip()),
        Integer.parseInt(parts[1].strip()),
        Integer.parseInt(parts[2].strip()),
        Integer.parseInt(parts[3].strip()));
  }

  /** Floating-point operations of the products of a forward pass; the gates are not counted. */
  public double flops() {
    return 2.0 * steps * batch * 4 * units * (inputs + units);
  }

  /** Bytes of the recurrent weights, which every step reads. */
  public long recurrentBytes() {
    return 4L * 4 * units * units;
  }

  /**
   * The rate at which reading the recurrent weights once a step, and computing the input's products
   * of all steps at the peak, would bound a single row.
   *
   * @param gigabytes GB/s at which the weights can be read
   * @param peak GFLOP/s
   */
  public double singleRowCeiling(double gigabytes, double peak) {
    double reading = steps * recurrentBytes() / gigabytes;
    double inputs = 2.0 * steps * 4 * units * this.inputs / peak;
    return flops() / (reading + inputs);
  }

  @Override
  public String toString() {
    return "T" + steps + " N" + batch + " I" + inputs + " H" + units;
  }
}

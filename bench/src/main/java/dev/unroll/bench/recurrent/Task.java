package dev.unroll.bench.recurrent;

/**
 * What every contender is asked to do.
 *
 * @param threads threads of every contender
 */
public record Task(Cell cell, LayerShape shape, Pass pass, int threads) {

  public Task {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be positive: " + threads);
    }
  }

  /**
   * Floating-point operations of the products of one run: 2 T N G H (I + H) forward, three times
   * that with the backward pass; gate functions are not counted.
   */
  public double flops() {
    int steps = pass == Pass.STEP ? 1 : shape.steps();
    return pass.products() * stepFlops(shape.inputs() + shape.units()) * steps;
  }

  private double stepFlops(int width) {
    return 2.0 * shape.batch() * cell.gates() * shape.units() * width;
  }

  /** Bytes of the recurrent weights, which every step reads. */
  public long recurrentBytes() {
    return 4L * cell.gates() * shape.units() * shape.units();
  }

  /** Whether reading the weights bounds it, and not arithmetic: forward, one row. */
  boolean readsWeightsOnce() {
    return shape.batch() == 1 && pass == Pass.FORWARD;
  }

  /**
   * The rate at which reading the recurrent weights once a step, and computing the inputs' products
   * of all steps at the peak, would bound a single row.
   *
   * @param gigabytes GB/s at which the weights can be read
   * @param peak GFLOP/s
   */
  public double singleRowCeiling(double gigabytes, double peak) {
    double reading = shape.steps() * recurrentBytes() / gigabytes;
    double inputs = shape.steps() * stepFlops(shape.inputs()) / peak;
    return flops() / (reading + inputs);
  }

  /** The same task on a layer that a reference in double precision computes quickly. */
  Task reduced() {
    return new Task(cell, shape.atMost(4, 3), pass, threads);
  }

  @Override
  public String toString() {
    return cell + " " + shape;
  }
}

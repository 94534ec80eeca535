package dev.unroll.cell;

/** How a batch of N sequences of T steps with C values each lies in memory. */
public enum SequenceLayout {
  /** [T][N][C]: all rows of a step together; the faster one for small batches. */
  TIME_MAJOR,
  /** [N][T][C]: all steps of a row together; PyTorch's {@code batch_first}. */
  BATCH_MAJOR;

  /** Elements from one step of a row to the next. */
  int stepStride(int batch, int width) {
    return this == TIME_MAJOR ? batch * width : width;
  }

  /** Elements from one row of a step to the next. */
  int rowStride(int steps, int width) {
    return this == TIME_MAJOR ? width : steps * width;
  }
}

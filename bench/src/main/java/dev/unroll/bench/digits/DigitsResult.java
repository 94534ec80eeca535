package dev.unroll.bench.digits;

import java.util.Locale;

/**
 * The digits model, served.
 *
 * @param images images of the test set
 * @param correct how many were recognised
 * @param largestLogitError largest difference from PyTorch's logits
 * @param imagesPerSecond all images in one batch, one thread
 * @param medianNanos time of a single image, row by row, half of them
 * @param p99Nanos the same, 99 of 100
 */
public record DigitsResult(
    int images,
    int correct,
    double largestLogitError,
    double imagesPerSecond,
    double medianNanos,
    double p99Nanos) {

  /** Share of the images that were recognised. */
  public double accuracy() {
    return (double) correct / images;
  }

  /** A few lines for a reader. */
  public String describe() {
    return String.format(
        Locale.ROOT,
        """
        Accuracy        %.4f (%d of %d test images)
        Logits          at most %.1e from PyTorch's; batched and row by row the same bits
        Throughput      %,.0f images/s, all in one batch
        Single image    p50 %.1f us, p99 %.1f us, row by row
        """,
        accuracy(),
        correct,
        images,
        largestLogitError,
        imagesPerSecond,
        medianNanos / 1e3,
        p99Nanos / 1e3);
  }
}

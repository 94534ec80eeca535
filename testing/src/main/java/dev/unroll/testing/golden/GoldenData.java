package dev.unroll.testing.golden;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * The files of this package. They are resources of this module, so that core's tests and the
 * benchmarks read the same ones; {@code README.md} beside them says where each comes from.
 */
public final class GoldenData {
  /**
   * One LSTM layer of PyTorch, T = 9, N = 4, I = 6, H = 5: weights, inputs, results and gradients.
   */
  public static final String LSTM = "lstm.safetensors";

  /** An LSTM of 32 units and a linear head, trained in PyTorch on {@link Digits}. */
  public static final String DIGITS_LSTM = "digits_lstm.safetensors";

  /** The handwritten digits as compressed text; {@link Digits#load} reads them. */
  public static final String DIGITS = "digits.csv.gz";

  private GoldenData() {}

  /**
   * Opens a file.
   *
   * @param name one of the constants of this class
   * @return its bytes, for the caller to close
   * @throws FileNotFoundException if there is no such file
   * @throws IOException if it cannot be read
   */
  public static InputStream open(String name) throws IOException {
    Objects.requireNonNull(name, "name");
    InputStream in = GoldenData.class.getResourceAsStream(name);
    if (in == null) {
      throw new FileNotFoundException(
          "no golden file " + name + " in " + GoldenData.class.getPackageName());
    }
    return in;
  }
}

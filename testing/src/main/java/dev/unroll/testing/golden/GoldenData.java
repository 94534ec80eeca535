package dev.unroll.testing.golden;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
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

  /** The same with a projection: T = 6, N = 3, I = 5, H = 8, 4 outputs. */
  public static final String LSTM_PROJECTION = "lstm_proj.safetensors";

  /** Two layers of LSTM in both directions over sequences of different lengths. */
  public static final String LSTM_STACK = "lstm_2layer_bidirectional_lengths.safetensors";

  /** One GRU layer of PyTorch (the reset gate after the product), sized like {@link #LSTM}. */
  public static final String GRU = "gru.safetensors";

  /** Two layers of GRU in both directions over sequences of different lengths. */
  public static final String GRU_STACK = "gru_2layer_bidirectional_lengths.safetensors";

  /** One Elman layer with tanh: T = 7, N = 3, I = 5, H = 4. */
  public static final String ELMAN_TANH = "rnn_tanh.safetensors";

  /** One Elman layer with relu: T = 7, N = 3, I = 5, H = 6. */
  public static final String ELMAN_RELU = "rnn_relu.safetensors";

  /** Two Elman layers with tanh over sequences of different lengths. */
  public static final String ELMAN_STACK = "rnn_2layer_lengths.safetensors";

  /** All recurrent layers with their results and gradients, in double precision. */
  public static final List<String> LAYERS =
      List.of(
          LSTM, LSTM_PROJECTION, LSTM_STACK, GRU, GRU_STACK, ELMAN_TANH, ELMAN_RELU, ELMAN_STACK);

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

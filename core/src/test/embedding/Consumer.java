package consumer;

import dev.unroll.Platform;
import dev.unroll.cell.Lstm;
import dev.unroll.cell.LstmGateOrder;
import dev.unroll.cell.LstmWeights;
import dev.unroll.cell.SequenceLayout;
import dev.unroll.kernel.Activation;
import dev.unroll.kernel.Activations;
import dev.unroll.kernel.Matmul;
import dev.unroll.kernel.PackedMatrix;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A program of somebody else: tells what it found, and a hash over the outputs of the kernels. */
public final class Consumer {

  private static final MessageDigest HASH = sha256();

  /** Runs the kernels as many times as the argument says, so that they get hot; once without. */
  public static void main(String[] args) {
    Platform platform = Platform.current();
    int rounds = args.length == 0 ? 1 : Integer.parseInt(args[0]);
    String cold = round();
    for (int i = 1; i < rounds; i++) {
      String warm = round();
      if (!warm.equals(cold)) {
        throw new AssertionError("round " + i + " gave " + warm + ", the first one " + cold);
      }
    }
    System.out.println("twin=" + platform.twin());
    System.out.println("bits=" + platform.vectorBits());
    System.out.println("reason=" + platform.reason());
    System.out.println("numerics=" + Platform.numericsVersion());
    System.out.println("hash=" + cold);
  }

  private static String round() {
    activations();
    products();
    sequences();
    return HexFormat.of().formatHex(HASH.digest());
  }

  private static void activations() {
    // An odd length, so that every width has a tail. All exponents occur, NaN and infinities too.
    float[] x = new float[4099];
    float[] y = new float[x.length];
    int bits = 0;
    for (int i = 0; i < x.length; i++) {
      x[i] = Float.intBitsToFloat(bits);
      bits += 0x9E3779B9;
    }
    Activations.exp(x, y);
    add(y);
    Activations.tanh(x, y);
    add(y);
    Activations.sigmoid(x, y);
    add(y);
    Activations.relu(x, y);
    add(y);
    Activations.tanhGradFromInput(x, y);
    add(y);
    Activations.sigmoidGradFromInput(x, y);
    add(y);
    Activations.reluGradFromInput(x, y);
    add(y);
    Activations.tanhGradFromOutput(x, y);
    add(y);
    Activations.sigmoidGradFromOutput(x, y);
    add(y);
    Activations.reluGradFromOutput(x, y);
    add(y);
  }

  private static void products() {
    for (int[] s : new int[][] {{1, 70, 33}, {7, 19, 65}, {13, 97, 40}, {33, 31, 5}}) {
      int m = s[0];
      int n = s[1];
      int k = s[2];
      float[] a = values(m * k, 1);
      float[] b = values(k * n, 2);
      float[] c = values(m * n, 3);
      Matmul.plain().multiply(m, n, k, a, b, c);
      add(c);
      Matmul.builder()
          .alpha(0.75f)
          .beta(-1.5f)
          .bias(values(n, 4), 0)
          .activation(Activation.TANH)
          .build()
          .multiply(m, a, PackedMatrix.pack(k, n, b), c);
      add(c);
    }
  }

  private static void sequences() {
    int steps = 7;
    int batch = 3;
    int in = 5;
    for (int units : new int[] {1, 16, 37}) {
      LstmWeights weights =
          LstmWeights.pack(
              LstmGateOrder.IFGO,
              in,
              units,
              values(4 * units * in, 5),
              values(4 * units * units, 6),
              values(4 * units, 7),
              null);
      Lstm lstm = Lstm.of(weights);
      float[] x = values(steps * batch * in, 8);
      float[] y = new float[steps * batch * units];
      float[] h = values(batch * units, 9);
      float[] c = values(batch * units, 10);
      lstm.forward(SequenceLayout.TIME_MAJOR, steps, batch, x, 0, y, 0, h, 0, c, 0);
      lstm.step(batch, x, 0, h, 0, c, 0);
      add(y);
      add(h);
      add(c);
    }
  }

  private static float[] values(int length, int seed) {
    float[] values = new float[length];
    int state = seed;
    for (int i = 0; i < length; i++) {
      state = state * 1664525 + 1013904223;
      values[i] = (state >> 8) * 0x1p-22f;
    }
    return values;
  }

  /** Adds the bits; which NaN it is does not count. */
  private static void add(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
    for (float value : values) {
      bytes.putInt(Float.floatToIntBits(value));
    }
    HASH.update(bytes.array());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (java.security.NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private Consumer() {}
}

package consumer;

import dev.unroll.Platform;
import dev.unroll.cell.Cell;
import dev.unroll.cell.CellSpec;
import dev.unroll.cell.CellTrainer;
import dev.unroll.cell.PackedCell;
import dev.unroll.cell.SequenceLayout;
import dev.unroll.cell.WeightSet;
import dev.unroll.kernel.Activation;
import dev.unroll.kernel.Activations;
import dev.unroll.kernel.Matmul;
import dev.unroll.kernel.PackedMatrix;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A program of somebody else: tells what it found, and a hash over the outputs of the kernels. */
public final class Consumer {

  /** Over everything. */
  private static final MessageDigest HASH = sha256();

  /** Over the outputs of each kernel, so that a difference names it. */
  private static final Map<String, MessageDigest> HASHES = new LinkedHashMap<>();

  /** Runs the kernels as many times as the argument says, so that they get hot; once without. */
  public static void main(String[] args) {
    Platform platform = Platform.current();
    int rounds = args.length == 0 ? 1 : Integer.parseInt(args[0]);
    Map<String, String> cold = round();
    for (int i = 1; i < rounds; i++) {
      Map<String, String> warm = round();
      if (!warm.equals(cold)) {
        throw new AssertionError("round " + i + " gave " + warm + ", the first one " + cold);
      }
    }
    System.out.println("twin=" + platform.twin());
    System.out.println("bits=" + platform.vectorBits());
    System.out.println("reason=" + platform.reason());
    System.out.println("numerics=" + Platform.numericsVersion());
    cold.forEach((name, hash) -> System.out.println(name + "=" + hash));
  }

  private static Map<String, String> round() {
    activations();
    products();
    sequences();
    Map<String, String> round = new LinkedHashMap<>();
    round.put("hash", HexFormat.of().formatHex(HASH.digest()));
    HASHES.forEach(
        (kernel, hash) -> round.put("hash." + kernel, HexFormat.of().formatHex(hash.digest())));
    return round;
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
    add("exp", y);
    Activations.tanh(x, y);
    add("tanh", y);
    Activations.sigmoid(x, y);
    add("sigmoid", y);
    Activations.relu(x, y);
    add("relu", y);
    Activations.tanhGradFromInput(x, y);
    add("tanhGradFromInput", y);
    Activations.sigmoidGradFromInput(x, y);
    add("sigmoidGradFromInput", y);
    Activations.reluGradFromInput(x, y);
    add("reluGradFromInput", y);
    Activations.tanhGradFromOutput(x, y);
    add("tanhGradFromOutput", y);
    Activations.sigmoidGradFromOutput(x, y);
    add("sigmoidGradFromOutput", y);
    Activations.reluGradFromOutput(x, y);
    add("reluGradFromOutput", y);
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
      add("matmul", c);
      Matmul.builder()
          .alpha(0.75f)
          .beta(-1.5f)
          .bias(values(n, 4), 0)
          .activation(Activation.TANH)
          .build()
          .multiply(m, a, PackedMatrix.pack(k, n, b), c);
      add("matmulPacked", c);
    }
  }

  private static void sequences() {
    for (int units : new int[] {1, 16, 37}) {
      CellSpec lstm = CellSpec.lstm(5, units);
      CellSpec elman = CellSpec.elman(5, units);
      sequence(lstm.withBias(CellSpec.Bias.SINGLE));
      sequence(lstm.withPeepholes().withCoupledGates().withCellClip(0.5f));
      sequence(lstm.withPeepholes().withProjection(3).withBias(CellSpec.Bias.NONE));
      sequence(CellSpec.gru(5, units));
      sequence(CellSpec.gru(5, units).withReset(CellSpec.Reset.BEFORE));
      sequence(elman);
      sequence(elman.withActivation(Activation.RELU));
      sequence(
          elman
              .withActivation(Activation.SIGMOID)
              .withForm(CellSpec.Form.PRE_ACTIVATION)
              .withBias(CellSpec.Bias.SINGLE));
    }
  }

  /** Forward and step, then there and back with checkpoints. */
  private static void sequence(CellSpec spec) {
    int steps = 7;
    int batch = 3;
    int states = batch * spec.outputSize();
    int cells = spec.hasCell() ? batch * spec.hiddenSize() : 0;
    WeightSet weights = WeightSet.zeros(spec);
    int seed = 5;
    for (float[] array : weights.arrays()) {
      System.arraycopy(values(array.length, seed++), 0, array, 0, array.length);
    }
    float[] x = values(steps * batch * spec.inputSize(), 12);
    float[] y = new float[steps * states];
    float[] h = values(states, 13);
    float[] c = spec.hasCell() ? values(cells, 14) : null;
    Cell cell = Cell.of(PackedCell.pack(weights));
    cell.forward(SequenceLayout.TIME_MAJOR, steps, batch, x, y, h, c);
    cell.step(batch, x, 0, h, 0, c, 0);
    String kind = spec.kind().name().toLowerCase(Locale.ROOT);
    add(kind, y);
    add(kind, h);
    CellTrainer trainer = CellTrainer.of(spec).checkpointEvery(3);
    trainer.load(weights);
    trainer.forward(SequenceLayout.BATCH_MAJOR, steps, batch, x, y, h, c);
    float[] dx = new float[x.length];
    float[] dh = values(states, 15);
    float[] dc = spec.hasCell() ? values(cells, 16) : null;
    WeightSet gradients = WeightSet.zeros(spec);
    float[] dy = values(y.length, 17);
    trainer.backward(x, 0, dy, 0, dh, 0, dc, 0, dx, 0, gradients, false);
    String training = kind + " training";
    add(training, y);
    add(training, h);
    add(training, dx);
    add(training, dh);
    gradients.arrays().forEach(array -> add(training, array));
    if (spec.hasCell()) {
      add(training, c);
      add(training, dc);
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
  private static void add(String kernel, float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
    for (float value : values) {
      bytes.putInt(Float.floatToIntBits(value));
    }
    HASH.update(bytes.array());
    HASHES.computeIfAbsent(kernel, name -> sha256()).update(bytes.array());
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

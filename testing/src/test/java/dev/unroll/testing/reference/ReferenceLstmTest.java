package dev.unroll.testing.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.golden.GoldenData;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReferenceLstmTest {

  private static final int STEPS = 9;
  private static final int BATCH = 4;
  private static final int INPUTS = 6;
  private static final int UNITS = 5;

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Test
  void oneUnitOneStepByHand() {
    // Different weights for each gate, so that a swap of any two shows.
    double[] w = {0.5, -1, 2, 0.25};
    double[] r = {1, 0.5, -0.5, 2};
    double[] inputBias = {0.1, 0.2, 0.3, 0.4};
    double[] recurrentBias = {-0.4, 0.3, -0.2, 0.1};
    double x = 0.75;
    double h0 = -0.5;
    double c0 = 1.5;
    double i = logistic(0.5 * x + 1 * h0 + 0.1 - 0.4);
    double f = logistic(-1 * x + 0.5 * h0 + 0.2 + 0.3);
    double g = Math.tanh(2 * x - 0.5 * h0 + 0.3 - 0.2);
    double o = logistic(0.25 * x + 2 * h0 + 0.4 + 0.1);
    double c = f * c0 + i * g;
    ReferenceLstm.Result result =
        ReferenceLstm.forward(
            new ReferenceLstm.Weights(1, 1, w, r, inputBias, recurrentBias),
            1,
            1,
            new double[] {x},
            new double[] {h0},
            new double[] {c0});
    assertEquals(c, result.lastC()[0], 1e-15);
    assertEquals(o * Math.tanh(c), result.lastH()[0], 1e-15);
    assertArrayEquals(result.lastC(), result.c());
    assertArrayEquals(result.lastH(), result.h());
  }

  @Test
  void agreesWithPyTorchInDoublePrecision() throws IOException {
    Golden golden = new Golden();
    ReferenceLstm.Result result = run(golden, STEPS, golden.tensor("h0"), golden.tensor("c0"), 0);
    assertArrayEquals(golden.tensor("y"), result.h(), 1e-14);
    assertArrayEquals(golden.tensor("hn"), result.lastH(), 1e-14);
    assertArrayEquals(golden.tensor("cn"), result.lastC(), 1e-14);
  }

  @Test
  void aSequenceInTwoPiecesIsTheSame() throws IOException {
    Golden golden = new Golden();
    ReferenceLstm.Result whole = run(golden, STEPS, golden.tensor("h0"), golden.tensor("c0"), 0);
    ReferenceLstm.Result first = run(golden, 4, golden.tensor("h0"), golden.tensor("c0"), 0);
    ReferenceLstm.Result second = run(golden, STEPS - 4, first.lastH(), first.lastC(), 4);
    assertArrayEquals(whole.lastH(), second.lastH());
    assertArrayEquals(whole.lastC(), second.lastC());
    int split = 4 * BATCH * UNITS;
    assertArrayEquals(Arrays.copyOfRange(whole.c(), split, whole.c().length), second.c());
  }

  @Test
  void noStepsLeaveTheState() throws IOException {
    Golden golden = new Golden();
    ReferenceLstm.Result result = run(golden, 0, golden.tensor("h0"), golden.tensor("c0"), 0);
    assertArrayEquals(golden.tensor("h0"), result.lastH());
    assertArrayEquals(golden.tensor("c0"), result.lastC());
    assertEquals(0, result.h().length);
  }

  private static ReferenceLstm.Result run(
      Golden golden, int steps, double[] h0, double[] c0, int firstStep) {
    double[] x = golden.tensor("x");
    return ReferenceLstm.forward(
        new ReferenceLstm.Weights(
            INPUTS,
            UNITS,
            golden.tensor("weight_ih_l0"),
            golden.tensor("weight_hh_l0"),
            golden.tensor("bias_ih_l0"),
            golden.tensor("bias_hh_l0")),
        steps,
        BATCH,
        Arrays.copyOfRange(x, firstStep * BATCH * INPUTS, x.length),
        h0,
        c0);
  }

  /** Just enough of a safetensors reader for a file that is known to be well-formed. */
  private static final class Golden {

    private final ByteBuffer data;
    private final String header;

    Golden() throws IOException {
      try (InputStream in = GoldenData.open(GoldenData.LSTM)) {
        ByteBuffer file = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
        byte[] text = new byte[Math.toIntExact(file.getLong())];
        file.get(text);
        header = new String(text, StandardCharsets.UTF_8);
        data = file.slice().order(ByteOrder.LITTLE_ENDIAN);
      }
    }

    double[] tensor(String name) {
      Matcher entry =
          Pattern.compile(
                  "\"" + name + "\":\\s*\\{\"dtype\":\\s*\"F(\\d+)\".*?\\[(\\d+),\\s*(\\d+)\\]\\}")
              .matcher(header);
      assertTrue(entry.find(), name);
      int bytes = Integer.parseInt(entry.group(1)) / 8;
      int begin = Integer.parseInt(entry.group(2));
      double[] values = new double[(Integer.parseInt(entry.group(3)) - begin) / bytes];
      for (int i = 0; i < values.length; i++) {
        int at = begin + i * bytes;
        values[i] = bytes == 8 ? data.getDouble(at) : data.getFloat(at);
      }
      return values;
    }
  }
}

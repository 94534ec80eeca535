package dev.unroll.fuzz;

import dev.unroll.kernel.Activations;
import dev.unroll.kernel.Matmul;
import dev.unroll.kernel.PackedMatrix;
import dev.unroll.testing.guard.Snapshot;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.Arrays;

/**
 * Tuples of sizes, offsets and leading dimensions, many of them on the edge: a call succeeds, or is
 * refused with a documented exception that says why and with nothing written.
 */
public final class ArgumentsFuzzer {

  private static final int LENGTH = 24;
  private final FuzzBytes bytes;

  private ArgumentsFuzzer(byte[] bytes) {
    this.bytes = new FuzzBytes(bytes, LENGTH);
  }

  /** The target. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    new ArgumentsFuzzer(bytes).call();
  }

  private void call() {
    float[] x = new float[LENGTH];
    float[] y = new float[LENGTH];
    Arrays.fill(x, 0.5f);
    Arrays.fill(y, 0.25f);
    int kind = bytes.number() & 3;
    boolean sharing = (bytes.number() & 1) != 0;
    float[] z = sharing ? x : new float[LENGTH];
    int[] n = new int[9];
    for (int i = 0; i < n.length; i++) {
      n[i] = bytes.number();
    }
    Snapshot[] before = {Snapshot.of("x", x), Snapshot.of("y", y), Snapshot.of("z", z)};
    String what = kind + " " + sharing + " " + Arrays.toString(n);
    try {
      switch (kind) {
        case 0 -> Activations.tanh(x, n[0], z, n[1], n[2]);
        case 1 ->
            Matmul.plain().multiply(n[0], n[1], n[2], x, n[3], n[4], y, n[5], n[6], z, n[7], n[8]);
        case 2 ->
            Matmul.builder()
                .transposeA()
                .transposeB()
                .beta(1)
                .build()
                .multiply(n[0], n[1], n[2], x, n[3], n[4], y, n[5], n[6], z, n[7], n[8]);
        default -> {
          PackedMatrix b = PackedMatrix.pack(n[1] & 7, n[2] & 7, false, y, 0, 8);
          Matmul.plain().multiply(n[0], x, n[3], n[4], b, z, n[7], n[8]);
        }
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException refused) {
      mustBeOurs(refused, what);
      for (Snapshot snapshot : before) {
        snapshot.assertUnmodified(Reproducer.of(what));
      }
    }
  }

  /** Our messages begin with the name of the argument; those of the JVM with Index or Range. */
  static void mustBeOurs(RuntimeException refused, String what) {
    String message = refused.getMessage();
    if (message == null || message.isEmpty() || !Character.isLowerCase(message.charAt(0))) {
      throw new AssertionError("not refused by a check: " + what, refused);
    }
  }
}

package dev.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.Platform;
import dev.unroll.internal.scalar.ScalarKernels;
import dev.unroll.kernel.ActivationFunction.Ranges;
import dev.unroll.kernel.ActivationFunction.Symmetry;
import dev.unroll.testing.tolerance.Ulp;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * One function over every n-th float in the order of their bits, on all cores: error, monotony,
 * symmetry, the other twin, and a hash of all results, which is the same on every machine.
 */
final class FloatSweep {

  private static final int CHUNK = 1 << 16;
  private static final long PATTERNS = 1L << Integer.SIZE;

  private final ActivationFunction f;
  private final Part[] parts;

  /** Largest error in ULP. */
  final double error;

  /** Where it is. */
  final float at;

  /** Largest error where the exact result is subnormal. */
  final double subnormalError;

  /** SHA-256 of all results. */
  final String hash;

  /**
   * Sweeps.
   *
   * @param step 1 for all floats
   * @param progress is told the percentage done, now and then, from any thread
   */
  FloatSweep(ActivationFunction f, int step, IntConsumer progress) {
    this.f = f;
    int chunks = (int) ((PATTERNS / step + CHUNK) / CHUNK);
    parts = new Part[chunks];
    AtomicInteger done = new AtomicInteger();
    IntStream.range(0, chunks)
        .parallel()
        .forEach(
            chunk -> {
              parts[chunk] = new Part(f, (long) chunk * CHUNK * step, step);
              int now = done.incrementAndGet();
              if (now % Math.max(1, chunks / 50) == 0) {
                progress.accept((int) (100L * now / chunks));
              }
            });
    Part worst = parts[0];
    double subnormal = 0;
    MessageDigest digest = sha256();
    for (Part part : parts) {
      digest.update(part.hash);
      worst = part.error > worst.error ? part : worst;
      subnormal = Math.max(subnormal, part.subnormalError);
    }
    error = worst.error;
    at = worst.at;
    subnormalError = subnormal;
    hash = HexFormat.of().formatHex(digest.digest());
  }

  /** Fails when anything but the hash is wrong. */
  void check() {
    for (Part part : parts) {
      assertEquals("", part.fault, () -> f + " on " + Platform.current());
    }
    assertTrue(
        error <= f.limit,
        () -> f + " of " + at + " is off by " + error + " ULP on " + Platform.current());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  /** The results over one stretch of bit patterns. */
  private static final class Part {
    double error;
    double subnormalError;
    float at;
    String fault = "";
    final byte[] hash;

    Part(ActivationFunction f, long first, int step) {
      int n = (int) Math.max(0, Math.min(CHUNK, (PATTERNS - first + step - 1) / step));
      float[] x = new float[n];
      float[] y = new float[n];
      for (int i = 0; i < n; i++) {
        x[i] = Float.intBitsToFloat((int) (first + (long) i * step));
      }
      f.ranges.apply(x, 0, y, 0, n);
      compareTwins(f, x, y);
      mirror(f, x, y);
      ByteBuffer bytes = ByteBuffer.allocate(n * Float.BYTES);
      for (int i = 0; i < n; i++) {
        bytes.putInt(Float.floatToRawIntBits(y[i]));
        double exact = f.reference.applyAsDouble(x[i]);
        double e = Ulp.error(y[i], exact);
        if (e > error) {
          error = e;
          at = x[i];
        }
        if (Math.abs(exact) < Float.MIN_NORMAL) {
          subnormalError = Math.max(subnormalError, e);
        }
        if (f.monotone && i > 0 && x[i] < 0 == x[i - 1] < 0) {
          // The bits of negative floats go up as they go down.
          if (x[i] > x[i - 1] ? y[i] < y[i - 1] : x[i] < x[i - 1] && y[i] > y[i - 1]) {
            fault = "falls between " + x[i - 1] + " and " + x[i];
          }
        }
      }
      hash = sha256().digest(bytes.array());
    }

    private void compareTwins(ActivationFunction f, float[] x, float[] y) {
      Ranges scalar = f.of(new ScalarKernels().activations());
      float[] other = new float[x.length];
      scalar.apply(x, 0, other, 0, x.length);
      for (int i = 0; i < x.length; i++) {
        if (Float.floatToRawIntBits(y[i]) != Float.floatToRawIntBits(other[i])) {
          fault = "of " + x[i] + " is " + y[i] + ", the scalar twin says " + other[i];
        }
      }
    }

    private void mirror(ActivationFunction f, float[] x, float[] y) {
      if (f.symmetry == Symmetry.NONE) {
        return;
      }
      float[] mirrored = new float[x.length];
      for (int i = 0; i < x.length; i++) {
        mirrored[i] = -x[i];
      }
      f.ranges.apply(mirrored, 0, mirrored, 0, x.length);
      for (int i = 0; i < x.length; i++) {
        float expected = f.symmetry == Symmetry.ODD ? -mirrored[i] : mirrored[i];
        if (Float.floatToIntBits(y[i]) != Float.floatToIntBits(expected)) {
          fault = "of " + x[i] + " is " + y[i] + ", of " + -x[i] + " " + mirrored[i];
        }
      }
    }
  }
}

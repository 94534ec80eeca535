package dev.unroll.testing.sweep;

import dev.unroll.testing.jvm.Hashes;
import dev.unroll.testing.law.UnaryLaws.Ranges;
import dev.unroll.testing.tolerance.Ulp;
import java.nio.ByteBuffer;

/** The results over one stretch of bit patterns. */
final class SweepPart {

  private final UnarySweep sweep;

  /** The arguments, in the order of their bits: negative ones fall. */
  final int count;

  double error;
  float at;
  double subnormalError;
  long rounded;
  long nans;
  long infinities;
  String fault = "";
  float first;
  float firstX;
  float last;
  float lastX;

  /** Where the results begin to be the last one up to the end of the part. */
  float constantFrom;

  boolean constant = true;
  final byte[] hash;

  SweepPart(UnarySweep sweep, long firstPattern) {
    this.sweep = sweep;
    int step = sweep.step;
    long left = (UnarySweep.PATTERNS - firstPattern + step - 1) / step;
    count = Math.clamp(left, 0, UnarySweep.CHUNK);
    float[] x = new float[count];
    float[] y = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] = Float.intBitsToFloat((int) (firstPattern + (long) i * step));
    }
    sweep.kernel.apply(x, 0, y, 0, count);
    sweep.twins.forEach((name, twin) -> compare(name, twin, x, y));
    if (sweep.odd != null) {
      mirror(sweep.odd, x, y);
    }
    ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES);
    for (int i = 0; i < count; i++) {
      bytes.putInt(Float.floatToRawIntBits(y[i]));
      measure(x[i], y[i]);
      if (i > 0) {
        neighbours(x[i - 1], y[i - 1], x[i], y[i]);
      }
    }
    if (count > 0) {
      first = y[0];
      firstX = x[0];
      last = y[count - 1];
      lastX = x[count - 1];
      trailingRun(x, y);
    }
    hash = Hashes.sha256().digest(bytes.array());
  }

  private void measure(float x, float y) {
    double exact = sweep.exact.applyAsDouble(x);
    double e = Ulp.error(y, exact);
    if (e > error) {
      error = e;
      at = x;
    }
    if (Math.abs(exact) < Float.MIN_NORMAL) {
      subnormalError = Math.max(subnormalError, e);
    }
    if (Float.floatToIntBits((float) exact) == Float.floatToIntBits(y)) {
      rounded++;
    }
    if (Float.isNaN(y)) {
      nans++;
    } else if (Float.isInfinite(y)) {
      infinities++;
    }
    if (x >= sweep.from && x <= sweep.to && !(y >= sweep.low && y <= sweep.high)) {
      fault("of %s is %s, not from %s to %s".formatted(x, y, sweep.low, sweep.high));
    }
  }

  /** Consecutive in the order of bits. */
  void neighbours(float x0, float y0, float x1, float y1) {
    if (!sweep.monotone || x0 < 0 != x1 < 0) {
      return;
    }
    // The bits of negative floats go up as they go down.
    if (x1 > x0 ? y1 < y0 : x1 < x0 && y1 > y0) {
      fault("falls between " + x0 + " and " + x1);
    }
  }

  private void trailingRun(float[] x, float[] y) {
    int i = count - 1;
    while (i > 0 && same(y[i - 1], last)) {
      i--;
    }
    constantFrom = x[i];
    constant = i == 0;
  }

  static boolean same(float a, float b) {
    return Float.floatToIntBits(a) == Float.floatToIntBits(b);
  }

  private void compare(String name, Ranges twin, float[] x, float[] y) {
    float[] other = new float[count];
    twin.apply(x, 0, other, 0, count);
    for (int i = 0; i < count; i++) {
      if (Float.floatToRawIntBits(y[i]) != Float.floatToRawIntBits(other[i])) {
        fault("of %s is %s, %s says %s".formatted(x[i], y[i], name, other[i]));
      }
    }
  }

  private void mirror(boolean odd, float[] x, float[] y) {
    float[] mirrored = new float[count];
    for (int i = 0; i < count; i++) {
      mirrored[i] = -x[i];
    }
    sweep.kernel.apply(mirrored, 0, mirrored, 0, count);
    for (int i = 0; i < count; i++) {
      if (!same(y[i], odd ? -mirrored[i] : mirrored[i])) {
        fault("of %s is %s, of %s %s".formatted(x[i], y[i], -x[i], mirrored[i]));
      }
    }
  }

  /** Only the first is kept. */
  private void fault(String found) {
    if (fault.isEmpty()) {
      fault = found;
    }
  }
}

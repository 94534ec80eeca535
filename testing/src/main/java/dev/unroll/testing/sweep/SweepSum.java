package dev.unroll.testing.sweep;

import dev.unroll.testing.jvm.Hashes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parts of a sweep put together, in the order of their bits. */
final class SweepSum {

  private static final float[] SPECIALS = {
    0.0f,
    -0.0f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    -Float.MIN_NORMAL,
    1.0f,
    -1.0f,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN
  };

  private final UnarySweep sweep;
  private final SweepPart[] parts;

  SweepSum(UnarySweep sweep, SweepPart[] parts) {
    this.sweep = sweep;
    this.parts = parts;
  }

  Certificate certificate() {
    SweepPart worst = parts[0];
    double subnormal = 0;
    long inputs = 0;
    long rounded = 0;
    long nans = 0;
    long infinities = 0;
    List<String> faults = new ArrayList<>();
    MessageDigest digest = Hashes.sha256();
    SweepPart before = parts[0];
    for (SweepPart part : parts) {
      digest.update(part.hash);
      worst = part.error > worst.error ? part : worst;
      subnormal = Math.max(subnormal, part.subnormalError);
      inputs += part.count;
      rounded += part.rounded;
      nans += part.nans;
      infinities += part.infinities;
      if (part != before && part.count > 0) {
        part.neighbours(before.lastX, before.last, part.firstX, part.first);
        before = part;
      }
      if (!part.fault.isEmpty()) {
        faults.add(part.fault);
      }
    }
    if (!(worst.error <= sweep.maxUlp)) {
      faults.addFirst("of %s is off by %s ULP".formatted(worst.at, worst.error));
    }
    return new Certificate(
        sweep.name,
        inputs,
        worst.error,
        sweep.maxUlp,
        worst.at,
        sweep.valueAt(worst.at),
        sweep.exact.applyAsDouble(worst.at),
        subnormal,
        rounded,
        nans,
        infinities,
        sweep.monotone,
        sweep.odd == null ? "none" : sweep.odd ? "odd" : "even",
        saturation(Float.POSITIVE_INFINITY),
        saturation(Float.NEGATIVE_INFINITY),
        specials(),
        HexFormat.of().formatHex(digest.digest()),
        List.copyOf(faults));
  }

  private Map<Float, Float> specials() {
    Map<Float, Float> values = new LinkedHashMap<>();
    for (float x : SPECIALS) {
      values.put(x, sweep.valueAt(x));
    }
    return values;
  }

  /** The argument of this sign from which on the results are those of infinity. */
  private float saturation(float infinity) {
    float end = sweep.valueAt(infinity);
    float from = infinity;
    int last = -1;
    // The part that ends nearest to infinity without going beyond it.
    for (int i = 0; i < parts.length; i++) {
      SweepPart part = parts[i];
      if (part.count > 0
          && Float.isFinite(part.lastX)
          && Math.copySign(1, part.lastX) == Math.copySign(1, infinity)) {
        last = i;
      }
    }
    for (int i = last; i >= 0; i--) {
      SweepPart part = parts[i];
      if (Math.copySign(1, part.firstX) != Math.copySign(1, infinity)
          || !SweepPart.same(part.last, end)) {
        return from;
      }
      from = part.constantFrom;
      if (!part.constant) {
        return from;
      }
    }
    return from;
  }
}

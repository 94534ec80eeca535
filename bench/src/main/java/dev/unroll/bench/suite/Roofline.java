package dev.unroll.bench.suite;

import dev.unroll.bench.results.Curve;
import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.results.Results;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The ceiling of a kernel: the lesser of the FMA peak and of its operations for each byte times the
 * rate at which bytes arrive from wherever its data lies.
 *
 * <p>Each operand is counted as read once and the result as written once, which is the least that
 * any code must move; data that a kernel reads again counts once. So the ceiling can only be too
 * high, and a share of it too low.
 *
 * <p>Source: S. Williams, A. Waterman, D. Patterson, "Roofline: an insightful visual performance
 * model for multicore architectures", Communications of the ACM 52(4), 2009.
 */
public final class Roofline {

  /** Fact: the FMA peak in the same run, in GFLOP/s. */
  public static final String PEAK = "peak";

  /** Fact: floating-point operations of one call. */
  public static final String FLOPS = "flops";

  /** Fact: bytes that one call must move. */
  public static final String BYTES = "bytes";

  /** Fact: bytes that one call touches, and that a cache must hold between calls. */
  public static final String FOOTPRINT = "footprint";

  private final Curve loads;

  private Roofline(Curve loads) {
    this.loads = loads;
  }

  /**
   * Gives every measurement of a rate in GFLOP/s its ceiling. The peak is the higher one of those
   * measured beside it and alone: a kernel does not run above a peak, so the lower one is an error.
   */
  public static void apply(Results results) {
    double alone =
        IntStream.of(0, 128, 256, 512)
            .mapToObj(bits -> results.find(Peaks.GROUP, Peaks.fma(bits, 1), Ceilings.PROBE))
            .flatMap(Optional::stream)
            .mapToDouble(Measurement::median)
            .max()
            .orElse(0);
    List<Curve> curves =
        results.curves(Ceilings.GROUP).stream().filter(c -> c.name().equals("loads")).toList();
    Roofline roofline = curves.isEmpty() ? null : new Roofline(curves.getFirst());
    results.replaceAll(
        m ->
            !m.unit().equals(Measurement.GFLOPS) || m.fact(PEAK) == 0
                ? m
                : bound(m, Math.max(alone, m.fact(PEAK)), roofline));
  }

  private static Measurement bound(Measurement m, double peak, @Nullable Roofline roofline) {
    return roofline == null ? m.with(Measurement.CEILING, peak) : roofline.bound(m, peak);
  }

  private Measurement bound(Measurement m, double peak) {
    double intensity = m.fact(FLOPS) / m.fact(BYTES);
    double arrives = loadRate(m.fact(FOOTPRINT));
    return m.with(Measurement.INTENSITY, intensity)
        .with(Measurement.CEILING, Math.min(peak, intensity * arrives));
  }

  /** GB/s of loads from a block of this size: between two sizes on the curve, in proportion. */
  double loadRate(double bytes) {
    double[] x = loads.x();
    double[] y = loads.y();
    if (bytes <= x[0]) {
      return y[0];
    }
    for (int i = 1; i < x.length; i++) {
      if (bytes <= x[i]) {
        double share = Math.log(bytes / x[i - 1]) / Math.log(x[i] / x[i - 1]);
        return y[i - 1] + share * (y[i] - y[i - 1]);
      }
    }
    return y[y.length - 1];
  }
}

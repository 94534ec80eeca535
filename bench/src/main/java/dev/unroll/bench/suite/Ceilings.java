package dev.unroll.bench.suite;

import dev.unroll.bench.fork.Effort;
import dev.unroll.bench.fork.Section;
import dev.unroll.bench.machine.Cache;
import dev.unroll.bench.machine.Caches;
import dev.unroll.bench.probe.Clock;
import dev.unroll.bench.probe.CopyBandwidth;
import dev.unroll.bench.probe.FmaPeak;
import dev.unroll.bench.probe.LoadBandwidth;
import dev.unroll.bench.probe.StreamBandwidth;
import dev.unroll.bench.results.Curve;
import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.results.Results;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Bandwidths of each cache and of memory at the width that the kernels use, and copies. */
public final class Ceilings implements Section {

  /** The group of the measurements. */
  public static final String GROUP = "bandwidth";

  /** The contender of each: a probe competes with nobody. */
  public static final String PROBE = "probe";

  private static final int COPIED_VALUES = 8192;
  private static final long MOST = 1L << 28;

  @Override
  public void measure(Effort effort, Results out) {
    int samples = effort.full() ? 11 : 7;
    boolean vectors = FmaPeak.create().vectorBits() > 0;
    List<Cache> caches = Caches.listed();
    if (vectors) {
      curve(effort, out);
      if (caches.isEmpty()) {
        caches = fromCurve(out);
        out.note("The system does not list its caches; their sizes are read off the bandwidth.");
      }
    }
    List<Level> levels = levels(caches);
    for (Level level : levels) {
      if (vectors) {
        add(out, "loads, " + level.name, samples(new LoadBandwidth(level.bytes), samples));
      }
      for (StreamBandwidth.Kind kind : StreamBandwidth.Kind.values()) {
        StreamBandwidth stream = new StreamBandwidth(kind, level.bytes);
        stream.measure(1);
        double[] rates = new double[samples];
        for (int i = 0; i < samples; i++) {
          rates[i] = stream.sample();
        }
        add(out, (kind == StreamBandwidth.Kind.STORE ? "stores, " : "triad, ") + level.name, rates);
      }
    }
    CopyBandwidth copy = new CopyBandwidth(COPIED_VALUES);
    copy.measure(3);
    double[] copies = new double[samples];
    Clock clock = new Clock();
    clock.measure(3);
    double[] gigahertz = new double[samples];
    for (int i = 0; i < samples; i++) {
      copies[i] = copy.sample();
      gigahertz[i] = clock.sample();
    }
    add(out, "copies, " + 8 * COPIED_VALUES / 1024 + " KiB", copies);
    out.add(Measurement.rate("clock", "integer chain", PROBE, "GHz", gigahertz));
  }

  private static double[] samples(LoadBandwidth loads, int samples) {
    loads.warmUp();
    double[] rates = new double[samples];
    for (int i = 0; i < samples; i++) {
      rates[i] = loads.sampleBest();
    }
    return rates;
  }

  private static void add(Results out, String subject, double[] rates) {
    out.add(Measurement.rate(GROUP, subject, PROBE, Measurement.GBS, rates));
  }

  /** Loads of blocks of all sizes, two for each doubling. */
  private static void curve(Effort effort, Results out) {
    new LoadBandwidth(16 << 10).measure(1); // Compiled before the first block counts.
    List<Double> bytes = new ArrayList<>();
    List<Double> rates = new ArrayList<>();
    long most = effort.full() ? MOST / 2 : MOST / 8;
    for (long size = 8 << 10; size <= most; size *= 2) {
      for (long block = size; block <= size * 3 / 2; block += size / 2) {
        LoadBandwidth loads = new LoadBandwidth(block);
        double[] samples = samples(loads, 3);
        Arrays.sort(samples);
        bytes.add((double) loads.bytes());
        rates.add(samples[1]);
      }
    }
    out.add(
        new Curve(
            GROUP,
            "loads",
            "bytes",
            Measurement.GBS,
            bytes.stream().mapToDouble(Double::doubleValue).toArray(),
            rates.stream().mapToDouble(Double::doubleValue).toArray()));
  }

  private static List<Cache> fromCurve(Results out) {
    Curve curve = out.curves(GROUP).getFirst();
    long[] bytes = new long[curve.x().length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (long) curve.x()[i];
    }
    return Caches.fromCurve(bytes, curve.y());
  }

  /** A footprint that lies in one cache, or in none. */
  private record Level(String name, long bytes) {}

  private static List<Level> levels(List<Cache> caches) {
    List<Level> levels = new ArrayList<>();
    long last = 0;
    for (Cache cache : caches) {
      // Half of it: the other half belongs to whatever else runs. And more than fits into the last.
      levels.add(new Level("L" + cache.level(), Math.max(cache.bytes() / 2, 2 * last)));
      last = cache.bytes();
    }
    levels.add(new Level("memory", Math.min(MOST, Math.max(64L << 20, 4 * last))));
    return levels;
  }
}

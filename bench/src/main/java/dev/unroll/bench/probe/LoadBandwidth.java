package dev.unroll.bench.probe;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * How fast one core reads a block of a given size that stays in whichever cache holds it: the
 * ceiling of a matrix-vector product, which reads each weight once.
 *
 * <p>Four loops read the block: eight vectors a turn into eight accumulators; four streams of two
 * vectors, a quarter of the block apart, which keeps more prefetchers busy; eight fused
 * multiply-adds a turn; and the same on two stripes side by side, as a product reads the panels of
 * packed weights. The best of them is the ceiling. Quarters are odd numbers of turns, since streams
 * a power of two apart fight for the same sets of a cache.
 *
 * <p>Before the clock starts the block is read once: what else has run may have taken its place in
 * the cache, and bringing it back is not what a rate of this cache is.
 *
 * <p>A Java array starts anywhere on 8 bytes, and a vector that straddles two cache lines costs two
 * loads. So the block is read at each even distance from the array's start, and the best of these,
 * where the vectors lie within lines, counts.
 */
public final class LoadBandwidth {

  private static final VectorSpecies<Float> FLOAT = ProbeSpecies.FLOAT;
  private static final int LANES = FLOAT.length();
  private static final int STEP = 8 * LANES;

  /** One cache line in floats. */
  private static final int MAX_SHIFT = 16;

  /** Floats of a stripe, about 16 KiB: as many as a panel of packed weights has. */
  private static final int STRIPE = 4096;

  private final float[] block;
  private final int length;
  private final int passes;

  /**
   * Pairs of stripes, and the floats of each: together the block, but for less than a turn each.
   */
  private final int pairs;

  private final int stripe;
  private float sink;
  private int shift;

  /** A block of about the given size, a whole number of loop turns. */
  public LoadBandwidth(long bytes) {
    int turns = (int) Math.max(4, Math.min(Integer.MAX_VALUE / 8, bytes / Float.BYTES) / STEP);
    length = (turns / 4 - 1 | 1) * 4 * STEP;
    block = new float[length + MAX_SHIFT];
    Arrays.fill(block, 0.25f);
    passes = (int) Math.max(1, 8_000_000L / length);
    pairs = Math.max(1, Math.round(length / (2f * STRIPE)));
    stripe = length / (2 * pairs) / (4 * LANES) * (4 * LANES);
  }

  /** Bytes that the block really has. */
  public long bytes() {
    return 4L * length;
  }

  /** Bytes that the loop over stripes reads. */
  long bytesOfStripes() {
    return 4L * 2 * pairs * stripe;
  }

  /** Warms the loops up and looks for the best distance from the array's start. */
  public void warmUp() {
    long warm = System.nanoTime() + 100_000_000L;
    while (System.nanoTime() < warm) {
      sampleBest();
    }
    int best = 0;
    double highest = 0;
    for (shift = 0; shift < MAX_SHIFT; shift += 2) {
      double first = sampleBest();
      double rate = Math.max(first, sampleBest());
      if (rate > highest) {
        highest = rate;
        best = shift;
      }
    }
    shift = best;
  }

  /** GB/s: median and ends over the samples of the best of the loops. */
  public Spread measure(int samples) {
    warmUp();
    Spread best = new Spread(0, 0, 0);
    for (Loop loop : Loop.values()) {
      double[] rates = new double[samples];
      for (int i = 0; i < samples; i++) {
        rates[i] = sample(loop);
      }
      Spread spread = Spread.of(rates);
      if (spread.median() > best.median()) {
        best = spread;
      }
    }
    return best;
  }

  /** GB/s of one sample: the best of the loops, once each. For interleaving with other work. */
  public double sampleBest() {
    double best = 0;
    for (Loop loop : Loop.values()) {
      best = Math.max(best, sample(loop));
    }
    return best;
  }

  private double sample(Loop loop) {
    float sum = pass(loop);
    long start = System.nanoTime();
    for (int p = 0; p < passes; p++) {
      sum += pass(loop);
    }
    long nanos = System.nanoTime() - start;
    sink += sum;
    if (Float.isNaN(sink)) {
      throw new IllegalStateException("the probe's values left the finite range");
    }
    long read = loop == Loop.STRIPES ? bytesOfStripes() : bytes();
    return (double) read * passes / nanos;
  }

  private float pass(Loop loop) {
    return switch (loop) {
      case ONE_STREAM -> oneStream(block, shift, length);
      case FOUR_STREAMS -> fourStreams(block, shift, length);
      case FMA -> fma(block, shift, length, 0.5f);
      case STRIPES -> stripes(block, shift, pairs, stripe, 0.5f);
    };
  }

  private enum Loop {
    ONE_STREAM,
    FOUR_STREAMS,
    FMA,
    STRIPES
  }

  private static float oneStream(float[] w, int from, int length) {
    FloatVector a0 = FloatVector.zero(FLOAT);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    FloatVector a4 = a0;
    FloatVector a5 = a0;
    FloatVector a6 = a0;
    FloatVector a7 = a0;
    int end = from + length - STEP;
    for (int i = from; i <= end; i += STEP) {
      a0 = a0.add(FloatVector.fromArray(FLOAT, w, i));
      a1 = a1.add(FloatVector.fromArray(FLOAT, w, i + LANES));
      a2 = a2.add(FloatVector.fromArray(FLOAT, w, i + 2 * LANES));
      a3 = a3.add(FloatVector.fromArray(FLOAT, w, i + 3 * LANES));
      a4 = a4.add(FloatVector.fromArray(FLOAT, w, i + 4 * LANES));
      a5 = a5.add(FloatVector.fromArray(FLOAT, w, i + 5 * LANES));
      a6 = a6.add(FloatVector.fromArray(FLOAT, w, i + 6 * LANES));
      a7 = a7.add(FloatVector.fromArray(FLOAT, w, i + 7 * LANES));
    }
    return combine(a0, a1, a2, a3, a4, a5, a6, a7);
  }

  private static float fourStreams(float[] w, int from, int length) {
    FloatVector a0 = FloatVector.zero(FLOAT);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    FloatVector a4 = a0;
    FloatVector a5 = a0;
    FloatVector a6 = a0;
    FloatVector a7 = a0;
    int quarter = length / 4;
    int end = from + quarter - 2 * LANES;
    for (int i = from; i <= end; i += 2 * LANES) {
      a0 = a0.add(FloatVector.fromArray(FLOAT, w, i));
      a1 = a1.add(FloatVector.fromArray(FLOAT, w, i + LANES));
      a2 = a2.add(FloatVector.fromArray(FLOAT, w, quarter + i));
      a3 = a3.add(FloatVector.fromArray(FLOAT, w, quarter + i + LANES));
      a4 = a4.add(FloatVector.fromArray(FLOAT, w, 2 * quarter + i));
      a5 = a5.add(FloatVector.fromArray(FLOAT, w, 2 * quarter + i + LANES));
      a6 = a6.add(FloatVector.fromArray(FLOAT, w, 3 * quarter + i));
      a7 = a7.add(FloatVector.fromArray(FLOAT, w, 3 * quarter + i + LANES));
    }
    return combine(a0, a1, a2, a3, a4, a5, a6, a7);
  }

  private static float fma(float[] w, int from, int length, float x) {
    FloatVector v = FloatVector.broadcast(FLOAT, x);
    FloatVector a0 = FloatVector.zero(FLOAT);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    FloatVector a4 = a0;
    FloatVector a5 = a0;
    FloatVector a6 = a0;
    FloatVector a7 = a0;
    int end = from + length - STEP;
    for (int i = from; i <= end; i += STEP) {
      a0 = FloatVector.fromArray(FLOAT, w, i).fma(v, a0);
      a1 = FloatVector.fromArray(FLOAT, w, i + LANES).fma(v, a1);
      a2 = FloatVector.fromArray(FLOAT, w, i + 2 * LANES).fma(v, a2);
      a3 = FloatVector.fromArray(FLOAT, w, i + 3 * LANES).fma(v, a3);
      a4 = FloatVector.fromArray(FLOAT, w, i + 4 * LANES).fma(v, a4);
      a5 = FloatVector.fromArray(FLOAT, w, i + 5 * LANES).fma(v, a5);
      a6 = FloatVector.fromArray(FLOAT, w, i + 6 * LANES).fma(v, a6);
      a7 = FloatVector.fromArray(FLOAT, w, i + 7 * LANES).fma(v, a7);
    }
    return combine(a0, a1, a2, a3, a4, a5, a6, a7);
  }

  private static float stripes(float[] w, int from, int pairs, int stripe, float x) {
    float sum = 0;
    for (int i = 0; i < pairs; i++) {
      int first = from + i * 2 * stripe;
      sum += stripe(w, first, first + stripe, stripe, x);
    }
    return sum;
  }

  private static float stripe(float[] w, int first, int second, int length, float x) {
    FloatVector v = FloatVector.broadcast(FLOAT, x);
    FloatVector a0 = FloatVector.zero(FLOAT);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    FloatVector a4 = a0;
    FloatVector a5 = a0;
    FloatVector a6 = a0;
    FloatVector a7 = a0;
    for (int i = 0; i <= length - 4 * LANES; i += 4 * LANES) {
      a0 = FloatVector.fromArray(FLOAT, w, first + i).fma(v, a0);
      a1 = FloatVector.fromArray(FLOAT, w, first + i + LANES).fma(v, a1);
      a2 = FloatVector.fromArray(FLOAT, w, first + i + 2 * LANES).fma(v, a2);
      a3 = FloatVector.fromArray(FLOAT, w, first + i + 3 * LANES).fma(v, a3);
      a4 = FloatVector.fromArray(FLOAT, w, second + i).fma(v, a4);
      a5 = FloatVector.fromArray(FLOAT, w, second + i + LANES).fma(v, a5);
      a6 = FloatVector.fromArray(FLOAT, w, second + i + 2 * LANES).fma(v, a6);
      a7 = FloatVector.fromArray(FLOAT, w, second + i + 3 * LANES).fma(v, a7);
    }
    return combine(a0, a1, a2, a3, a4, a5, a6, a7);
  }

  private static float combine(
      FloatVector a0,
      FloatVector a1,
      FloatVector a2,
      FloatVector a3,
      FloatVector a4,
      FloatVector a5,
      FloatVector a6,
      FloatVector a7) {
    FloatVector sum = a0.add(a1).add(a2).add(a3).add(a4).add(a5).add(a6).add(a7);
    return sum.lane(0) + sum.lane(LANES - 1);
  }
}

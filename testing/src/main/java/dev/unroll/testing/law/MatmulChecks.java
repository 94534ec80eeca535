package dev.unroll.testing.law;

import dev.unroll.testing.data.Fill;
import dev.unroll.testing.guard.GuardedFloats;
import dev.unroll.testing.guard.GuardedMatmul;
import dev.unroll.testing.guard.MatmulSpec;
import dev.unroll.testing.guard.Snapshot;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Laws that compare a product with what must come out. */
final class MatmulChecks {

  private static final float[] SPECIALS = {
    0.0f, -0.0f, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NaN
  };

  private final MatmulLaws laws;

  MatmulChecks(MatmulLaws laws) {
    this.laws = laws;
  }

  private MatmulOperands operands(int m, int n, int k, long seed) {
    return new MatmulOperands(laws, m, n, k, seed);
  }

  /** A spec of everything that the form of the kernel leaves open. */
  private MatmulSpec spec(int m, int n, int k, Fill fill, long seed) {
    SplittableRandom random = new SplittableRandom(seed * 31 + m + 97L * n + 1009L * k);
    float[] scalars =
        fill == Fill.SMALL_INTEGERS ? new float[] {1, 0, -1, 2} : new float[] {1, 0, -0.7f, 1.1f};
    boolean general = laws.general;
    boolean strided = laws.strided;
    return new MatmulSpec(
        general && random.nextBoolean(),
        general && random.nextBoolean(),
        m,
        n,
        k,
        general ? scalars[random.nextInt(4)] : 1,
        general ? scalars[random.nextInt(4)] : 0,
        false,
        strided ? offsets(random) : MatmulSpec.Offsets.NONE,
        strided ? paddings(random) : MatmulSpec.Paddings.NONE,
        fill,
        seed);
  }

  private static MatmulSpec.Offsets offsets(SplittableRandom random) {
    return new MatmulSpec.Offsets(random.nextInt(18), random.nextInt(18), random.nextInt(18), 0);
  }

  private static MatmulSpec.Paddings paddings(SplittableRandom random) {
    return new MatmulSpec.Paddings(random.nextInt(4), random.nextInt(4), random.nextInt(4));
  }

  private GuardedMatmul run(MatmulSpec s) {
    GuardedMatmul p = s.build();
    laws.gemm.multiply(
        s.transposeA(),
        s.transposeB(),
        s.m(),
        s.n(),
        s.k(),
        s.alpha(),
        p.a().array(),
        p.a().offset(),
        p.a().leadingDimension(),
        p.b().array(),
        p.b().offset(),
        p.b().leadingDimension(),
        s.beta(),
        p.c().array(),
        p.c().offset(),
        p.c().leadingDimension());
    return p;
  }

  private Reproducer where(String law) {
    return laws.start.with("law", law);
  }

  void accuracy(int m, int n, int k, long seed) {
    for (Fill fill : new Fill[] {Fill.MODERATE, Fill.WIDE, Fill.SUBNORMALS}) {
      run(spec(m, n, k, fill, seed)).assertAccurate(where("accuracy"));
    }
  }

  /** While partial sums stay below 2^24, no operation rounds, in whatever order. */
  void integers(int m, int n, int k, long seed) {
    GuardedMatmul p = run(spec(m, n, k, Fill.SMALL_INTEGERS, seed));
    Reproducer where = where("integers").with("spec", p.spec());
    double[] exact = dev.unroll.testing.reference.ReferenceMatmul.product(p.product());
    dev.unroll.testing.tolerance.FloatAssert.assertWithin(
        p.c().view(), m, n, exact, new double[exact.length], where);
  }

  void memory(int m, int n, int k, long seed) {
    for (long each = seed; each < seed + 3; each++) {
      GuardedMatmul p = run(spec(m, n, k, Fill.MODERATE, each));
      p.assertMemory(where("memory"));
      p.c().assertAllWritten(where("memory").with("spec", p.spec()));
    }
  }

  void chain(int m, int n, int k, long seed) {
    for (Fill fill : new Fill[] {Fill.MODERATE, Fill.SUBNORMALS, Fill.SPECIALS, Fill.BITS}) {
      run(spec(m, n, k, fill, seed)).assertChain(where("chain"));
    }
  }

  /** Terms and sums stay far from overflow, so no order of summation changes the pattern. */
  void specials(int m, int n, int k, long seed) {
    MatmulOperands s = operands(m, n, k, seed);
    float[] a = strewn(s.a(), seed);
    float[] b = strewn(s.b(), seed + 1);
    float[] c = s.multiply(m, n, k, a, b);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        float naive = 0;
        for (int p = 0; p < k; p++) {
          naive += a[i * k + p] * b[p * n + j];
        }
        float got = c[i * n + j];
        if (Float.isFinite(naive) != Float.isFinite(got)
            || (!Float.isFinite(naive) && Float.compare(naive, got) != 0)) {
          throw new AssertionError(
              "row %d column %d: got %s, the naive loop gives %s%n%s"
                  .formatted(i, j, got, naive, s.where("specials").line()));
        }
      }
    }
  }

  private static float[] strewn(float[] x, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    // So few that a sum of any length mostly has at most one of them.
    int one = Math.max(8, x.length / 4);
    for (int i = 0; i < x.length; i++) {
      if (random.nextInt(one) == 0 || (i == x.length / 2 && random.nextBoolean())) {
        x[i] = SPECIALS[random.nextInt(SPECIALS.length)];
      }
    }
    return x;
  }

  void again(int m, int n, int k, long seed) {
    MatmulOperands s = operands(m, n, k, seed);
    float[] first = s.product();
    operands(k, m, n, seed + 1).product();
    MatmulOperands.bits(s.product(), first, s.where("again"));
  }

  /** No rows, no columns: nothing is written. No k: C = 0, or beta C. */
  void empty(long seed) {
    for (int[] shape : new int[][] {{0, 3, 2}, {3, 0, 2}, {0, 0, 0}}) {
      run(spec(shape[0], shape[1], shape[2], Fill.MODERATE, seed)).assertMemory(where("empty"));
    }
    MatmulOperands s = operands(3, 5, 0, seed);
    MatmulOperands.bits(s.product(), new float[15], s.where("k = 0"));
    if (!laws.general) {
      return;
    }
    GuardedFloats c = GuardedFloats.vector(15, 2).fill(Fill.SMALL_INTEGERS, seed);
    float[] expected = MatmulOperands.scaled(c.toDense(), 2);
    float[] none = {};
    Snapshot nothing = Snapshot.of("A", none);
    laws.gemm.multiply(
        false, false, 3, 5, 0, 1, none, 0, 1, none, 0, 5, 2, c.array(), c.offset(), 5);
    nothing.assertUnmodified(s.where("k = 0"));
    c.assertGuardsIntact(s.where("k = 0"));
    if (!Arrays.equals(c.toDense(), expected)) {
      throw new AssertionError(
          "k = 0, beta = 2: got " + Arrays.toString(c.toDense()) + s.where("k = 0").line());
    }
  }
}

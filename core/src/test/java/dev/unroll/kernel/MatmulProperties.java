package dev.unroll.kernel;

import static dev.unroll.kernel.Products.here;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.unroll.testing.arbitraries.MatmulArbitraries;
import dev.unroll.testing.data.Fill;
import dev.unroll.testing.guard.GuardedFloats;
import dev.unroll.testing.guard.GuardedMatmul;
import dev.unroll.testing.guard.MatmulSpec;
import dev.unroll.testing.reference.FmaChain;
import dev.unroll.testing.reference.MatmulCase;
import dev.unroll.testing.reference.ReferenceMatmul;
import dev.unroll.testing.tolerance.ErrorBounds;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Single products: bits against the naive chain, accuracy against double precision, memory. */
class MatmulProperties {

  @Provide
  static Arbitrary<MatmulSpec> any() {
    return Products.specs(MatmulArbitraries::specs);
  }

  @Provide
  static Arbitrary<MatmulSpec> small() {
    return Products.small(MatmulArbitraries::specs);
  }

  @Provide
  static Arbitrary<MatmulSpec> bounded() {
    return Products.specs(MatmulArbitraries::boundedSpecs);
  }

  @Provide
  static Arbitrary<MatmulSpec> exact() {
    return Products.specs(MatmulArbitraries::exactSpecs);
  }

  @Property(tries = 600)
  void bitsOfTheChainAndNothingBesideIt(@ForAll("any") MatmulSpec spec) {
    GuardedMatmul product = spec.build();
    Products.multiply(Products.plan(product).build(), product);
    product.assertChain(here("Matmul.multiply"));
    product.assertMemory(here("Matmul.multiply"));
  }

  @Property(tries = 600)
  void packedBitsOfTheChainAndNothingBesideIt(@ForAll("any") MatmulSpec spec) {
    GuardedMatmul product = spec.build();
    PackedMatrix b = Products.pack(product);
    Products.multiplyPacked(Products.planForPacked(product).build(), product, b);
    product.assertChain(here("Matmul.multiply packed"));
    product.assertMemory(here("Matmul.multiply packed"));
  }

  @Property
  void withinTheErrorBound(@ForAll("bounded") MatmulSpec spec) {
    GuardedMatmul product = spec.build();
    Products.multiply(Products.plan(product).build(), product);
    product.assertAccurate(here("Matmul.multiply"));
  }

  /** Far below the bound for long chains: roundings of random data cancel. */
  @Property(tries = 100)
  void belowTheAlarmOnRandomData(@ForAll("bounded") MatmulSpec any) {
    MatmulSpec spec = with(any, Fill.MODERATE, any.alpha(), any.beta(), any.bias());
    GuardedMatmul product = spec.build();
    Products.multiply(Products.plan(product).build(), product);
    double[] alarm = ReferenceMatmul.magnitude(product.product());
    for (int i = 0; i < alarm.length; i++) {
      alarm[i] *= ErrorBounds.alarm(spec.k() + 2L);
    }
    FloatAssert.assertWithin(
        product.c().view(),
        spec.m(),
        spec.n(),
        ReferenceMatmul.product(product.product()),
        alarm,
        here("Matmul.multiply").with("spec", spec));
  }

  @Property
  void smallIntegersAreExact(@ForAll("exact") MatmulSpec spec) {
    GuardedMatmul product = spec.build();
    Products.multiply(Products.plan(product).build(), product);
    MatmulCase p = product.product();
    long alpha = (long) spec.alpha();
    long beta = (long) spec.beta();
    for (int i = 0; i < spec.m(); i++) {
      for (int j = 0; j < spec.n(); j++) {
        long sum = (long) p.biasOf(j);
        sum += spec.beta() == 0 ? 0 : beta * (long) p.c().get(i, j);
        for (int q = 0; q < spec.k() && spec.alpha() != 0; q++) {
          sum += alpha * (long) p.opA(i, q) * (long) p.opB(q, j);
        }
        float got = product.c().view().get(i, j);
        // Compared as numbers: a sum of zeros may have either sign.
        if (got - (double) sum != 0) {
          throw new AssertionError(
              "row %d column %d: got %s expected %d%n%s"
                  .formatted(i, j, got, sum, here("Matmul.multiply").with("spec", spec).line()));
        }
      }
    }
  }

  @Property
  void theFunctionAtTheEndIsTheElementwiseOne(
      @ForAll("any") MatmulSpec spec, @ForAll Activation activation, @ForAll boolean packed) {
    GuardedMatmul product = spec.build();
    if (packed) {
      Matmul plan = Products.planForPacked(product).activation(activation).build();
      Products.multiplyPacked(plan, product, Products.pack(product));
    } else {
      Products.multiply(Products.plan(product).activation(activation).build(), product);
    }
    float[] expected = FmaChain.product(product.product());
    switch (activation) {
      case IDENTITY -> {}
      case TANH -> Products.KERNELS.activations().tanh(expected, 0, expected, 0, expected.length);
      case SIGMOID ->
          Products.KERNELS.activations().sigmoid(expected, 0, expected, 0, expected.length);
      case RELU -> Products.KERNELS.activations().relu(expected, 0, expected, 0, expected.length);
    }
    Reproducer where =
        here("Matmul.multiply").with("activation", activation).with("packed", packed);
    FloatAssert.assertBitsEqual(
        product.c().view(), spec.m(), spec.n(), expected, where.with("spec", spec));
    product.assertMemory(where);
  }

  /** What is left in a workspace never shows: neither a larger nor a smaller product before. */
  @Property(tries = 60)
  void aPlanForgetsTheProductsBefore(@ForAll("sequences") List<MatmulSpec> specs) {
    MatmulSpec first = specs.getFirst();
    Matmul plain = Products.plan(first).build();
    Matmul packed = Products.planForPacked(first).build();
    for (MatmulSpec each : specs) {
      GuardedMatmul product = Products.like(first, each).build();
      Products.multiply(plain, product);
      product.assertChain(here("Matmul.multiply").with("after", specs));
      product.assertMemory(here("Matmul.multiply").with("after", specs));
      GuardedMatmul again = Products.like(first, each).build();
      Products.multiplyPacked(packed, again, Products.pack(again));
      again.assertChain(here("Matmul.multiply packed").with("after", specs));
      again.assertMemory(here("Matmul.multiply packed").with("after", specs));
    }
  }

  @Provide
  static Arbitrary<List<MatmulSpec>> sequences() {
    return any().list().ofMinSize(2).ofMaxSize(6);
  }

  /** The small shapes, data with infinities and NaNs only: what is not finite, and where. */
  @Property
  void nanAndInfinityWhereTheNaiveLoopHasThem(
      @ForAll("small") MatmulSpec any, @ForAll @IntRange(max = 1_000_000) int seed) {
    MatmulSpec spec = with(any, Fill.SMALL_INTEGERS, 1, 0, false);
    GuardedMatmul product = spec.build();
    Random random = new Random(seed);
    sprinkle(product.a(), random);
    sprinkle(product.b(), random);
    Products.multiply(Products.plan(product).build(), product);
    for (int i = 0; i < spec.m(); i++) {
      for (int j = 0; j < spec.n(); j++) {
        float naive = 0;
        for (int q = 0; q < spec.k(); q++) {
          naive += opA(product, i, q) * opB(product, q, j);
        }
        // All finite values are small integers, so the two ways to round are one.
        assertEquals(
            naive,
            product.c().view().get(i, j),
            () -> here("Matmul.multiply").with("spec", spec).seed(seed).line());
      }
    }
  }

  private static void sprinkle(GuardedFloats matrix, Random random) {
    float[] rare = {
      Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0f, -0f, 0f, -0f, 0f
    };
    for (int i = 0; i < matrix.rows(); i++) {
      for (int j = 0; j < matrix.columns(); j++) {
        if (random.nextInt(6) == 0) {
          matrix.array()[matrix.view().index(i, j)] = rare[random.nextInt(rare.length)];
        }
      }
    }
  }

  private static float opA(GuardedMatmul p, int row, int q) {
    return p.spec().transposeA() ? p.a().view().get(q, row) : p.a().view().get(row, q);
  }

  private static float opB(GuardedMatmul p, int q, int column) {
    return p.spec().transposeB() ? p.b().view().get(column, q) : p.b().view().get(q, column);
  }

  private static MatmulSpec with(MatmulSpec s, Fill fill, float alpha, float beta, boolean bias) {
    return new MatmulSpec(
        s.transposeA(),
        s.transposeB(),
        s.m(),
        s.n(),
        s.k(),
        alpha,
        beta,
        bias,
        s.offsets(),
        s.paddings(),
        fill,
        s.seed());
  }
}

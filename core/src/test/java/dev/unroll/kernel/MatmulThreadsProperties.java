package dev.unroll.kernel;

import static dev.unroll.kernel.Products.LANES;
import static dev.unroll.kernel.Products.here;

import dev.unroll.testing.arbitraries.MatmulArbitraries;
import dev.unroll.testing.arbitraries.ShapeArbitraries;
import dev.unroll.testing.guard.GuardedMatmul;
import dev.unroll.testing.guard.MatmulSpec;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** One to five threads, of an executor or of a pool: the same bits. */
class MatmulThreadsProperties {

  /** From here on a product is worth splitting; SplitMatmulTest knows the figure too. */
  private static final int WORK = 1 << 19;

  private static final int MOST_THREADS = 5;

  private static final List<Parallelism> POOLS = new ArrayList<>();
  private static final List<Parallelism> EXECUTORS = new ArrayList<>();
  private static final ExecutorService THREADS = Executors.newCachedThreadPool();

  @BeforeContainer
  static void start() {
    for (int i = 1; i <= MOST_THREADS; i++) {
      POOLS.add(Parallelism.pool(i));
      EXECUTORS.add(Parallelism.on(THREADS, i));
    }
  }

  @AfterContainer
  static void end() {
    POOLS.forEach(Parallelism::close);
    EXECUTORS.forEach(Parallelism::close);
    THREADS.shutdown();
  }

  /** Large enough to be split, by rows or by panels. */
  @Provide
  static Arbitrary<MatmulSpec> products() {
    return ShapeArbitraries.sizesFrom(1, 64, 12, 4)
        .flatMap(
            m ->
                ShapeArbitraries.sizesFrom(2 * LANES, 13 * LANES, LANES, 4 * LANES)
                    .flatMap(
                        n ->
                            MatmulArbitraries.specs(
                                Arbitraries.just(m),
                                Arbitraries.just(n),
                                Arbitraries.just(WORK / (m * n) + 1))))
        .withoutEdgeCases();
  }

  @Property(tries = 40)
  void threadsDoNotShowInTheBits(
      @ForAll("products") MatmulSpec spec,
      @ForAll @IntRange(min = 2, max = MOST_THREADS) int count) {
    GuardedMatmul alone = spec.build();
    Products.multiply(Products.plan(alone).build(), alone);
    float[] expected = alone.c().toDense();
    for (String kind : List.of("pool", "executor")) {
      List<Parallelism> all = kind.equals("pool") ? POOLS : EXECUTORS;
      Parallelism parallelism = all.get(count - 1);
      Reproducer where = here("Matmul.multiply").with("threads", count).with("kind", kind);
      GuardedMatmul split = spec.build();
      Products.multiply(Products.plan(split).parallelism(parallelism).build(), split);
      FloatAssert.assertBitsEqual(
          split.c().view(), spec.m(), spec.n(), expected, where.with("spec", spec));
      split.assertMemory(where);
      GuardedMatmul packed = spec.build();
      Matmul plan = Products.planForPacked(packed).parallelism(parallelism).build();
      Products.multiplyPacked(plan, packed, Products.pack(packed));
      FloatAssert.assertBitsEqual(
          packed.c().view(),
          spec.m(),
          spec.n(),
          expected,
          where.with("packed", true).with("spec", spec));
      packed.assertMemory(where);
    }
  }
}

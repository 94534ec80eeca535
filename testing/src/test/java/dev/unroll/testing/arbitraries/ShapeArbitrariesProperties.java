package dev.unroll.testing.arbitraries;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.data.Fill;
import dev.unroll.testing.guard.GuardedMatmul;
import dev.unroll.testing.guard.MatmulSpec;
import dev.unroll.testing.reference.FmaChain;
import dev.unroll.testing.reference.ReferenceMatmul;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ShapeArbitrariesProperties {

  private static final Reproducer HERE = Reproducer.of("Some.matmul");

  @Provide
  Arbitrary<Integer> sizes() {
    return ShapeArbitraries.sizesFrom(2, 60, 16, 12);
  }

  @Provide
  Arbitrary<MatmulSpec> specs() {
    return MatmulArbitraries.specs(small(), small(), small());
  }

  @Provide
  Arbitrary<MatmulSpec> boundedSpecs() {
    return MatmulArbitraries.boundedSpecs(small(), small(), small());
  }

  @Provide
  Arbitrary<MatmulSpec> exactSpecs() {
    return MatmulArbitraries.exactSpecs(small(), small(), small());
  }

  private static Arbitrary<Integer> small() {
    return ShapeArbitraries.sizes(20, 4);
  }

  @Property
  boolean sizesStayInRange(@ForAll("sizes") int size) {
    return size >= 2 && size <= 60;
  }

  @Example
  void sizesMeetEveryTailOften() {
    Set<Integer> sizes =
        ShapeArbitraries.sizes(100, 16, 12).sampleStream().limit(1000).collect(Collectors.toSet());
    for (int size : new int[] {0, 1, 2, 11, 12, 13, 15, 16, 17, 31, 32, 33, 63, 64, 65, 97, 100}) {
      assertTrue(sizes.contains(size), "size " + size);
    }
    assertTrue(sizes.size() > 60, "others too: " + sizes.size());
  }

  @Example
  void offsetsAndPaddingsAreZeroAndNot() {
    Set<Integer> offsets =
        ShapeArbitraries.offsets().sampleStream().limit(2000).collect(Collectors.toSet());
    assertEquals(IntStream.range(0, 20).boxed().collect(Collectors.toSet()), offsets);
    long zeros = ShapeArbitraries.paddings().sampleStream().limit(2000).filter(p -> p == 0).count();
    assertTrue(zeros > 800 && zeros < 1250, "half of the rows are dense: " + zeros);
  }

  @Example
  void specsHaveEveryTransposeAndBias() {
    Set<String> seen =
        MatmulArbitraries.specs(small(), small(), small())
            .sampleStream()
            .limit(500)
            .map(s -> s.transposeA() + " " + s.transposeB() + " " + s.bias())
            .collect(Collectors.toSet());
    assertEquals(8, seen.size());
  }

  @Property
  void everySpecCanBeBuiltAndChained(@ForAll("specs") MatmulSpec spec) {
    GuardedMatmul p = spec.build();
    p.c().set(FmaChain.product(p.product()));
    p.assertChain(HERE);
    p.assertMemory(HERE);
    p.c().assertGuardsIntact(HERE);
  }

  @Property
  void boundHoldsForTheChain(@ForAll("boundedSpecs") MatmulSpec spec) {
    assertTrue(spec.fill().bounded());
    GuardedMatmul p = spec.build();
    p.c().set(FmaChain.product(p.product()));
    p.assertAccurate(HERE);
  }

  @Property
  void integersAreExact(@ForAll("exactSpecs") MatmulSpec spec) {
    assertEquals(Fill.SMALL_INTEGERS, spec.fill());
    GuardedMatmul p = spec.build();
    float[] chain = FmaChain.product(p.product());
    double[] exact = ReferenceMatmul.product(p.product());
    FloatAssert.assertUlp(chain, 0, exact, 0, chain.length, 0, HERE);
  }
}

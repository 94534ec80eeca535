package dev.unroll.testing.example;

import dev.unroll.testing.arbitraries.ShapeArbitraries;
import dev.unroll.testing.guard.GuardedMatmul;
import dev.unroll.testing.guard.MatmulSpec;
import dev.unroll.testing.tolerance.Reproducer;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class MatmulProperties {

  /** The kernel under test: C = A B, dense and row-major. */
  static void multiply(int m, int n, int k, float[] a, float[] b, float[] c) {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        float sum = 0;
        for (int p = 0; p < k; p++) {
          sum += a[i * k + p] * b[p * n + j];
        }
        c[i * n + j] = sum;
      }
    }
  }

  @Provide
  Arbitrary<MatmulSpec> products() {
    Arbitrary<Integer> sizes = ShapeArbitraries.sizesFrom(1, 40, 4, 16);
    return Combinators.combine(sizes, sizes, sizes).as(MatmulSpec::of);
  }

  @Property
  void withinTheBoundOfADotProduct(@ForAll("products") MatmulSpec spec) {
    GuardedMatmul p = spec.build();
    multiply(spec.m(), spec.n(), spec.k(), p.a().array(), p.b().array(), p.c().array());
    Reproducer where = Reproducer.of("multiply").seed(spec.seed());
    p.assertAccurate(where);
    p.assertMemory(where);
  }
}

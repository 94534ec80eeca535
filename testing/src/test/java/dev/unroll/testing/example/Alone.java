package dev.unroll.testing.example;

import dev.unroll.testing.gradient.GradientCheck;
import dev.unroll.testing.law.UnaryLaws;
import dev.unroll.testing.reference.MatmulCase;
import dev.unroll.testing.reference.ReferenceMatmul;
import dev.unroll.testing.sweep.UnarySweep;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;

/** Laws, assertions, a sweep and a gradient in a program, with nothing else on the class path. */
final class Alone {

  private Alone() {}

  static void halves(float[] x, int n) {
    for (int i = 0; i < n; i++) {
      x[i] *= 0.5f;
    }
  }

  public static void main(String[] arguments) {
    UnaryLaws.ofInPlace("halves", Alone::halves)
        .reference(x -> x / 2)
        .maxUlp(0.5)
        .odd()
        .monotone()
        .checkAll();
    System.out.print(
        UnarySweep.of(
                "halves",
                (x, xOffset, y, yOffset, n) -> {
                  for (int i = 0; i < n; i++) {
                    y[yOffset + i] = x[xOffset + i] * 0.5f;
                  }
                },
                x -> x / 2)
            .step(65_537)
            .run()
            .text());
    float[] a = {1, 2, 3, 4};
    double[] product = ReferenceMatmul.product(MatmulCase.of(2, 2, 2, a, a));
    FloatAssert.assertUlp(new float[] {7, 10, 15, 22}, 0, product, 0, 4, 0, Reproducer.of("A A"));
    GradientCheck.of(w -> w[0] * w[0])
        .assertFloatGradient(new float[] {3}, new float[] {6}, 1, Reproducer.of("square"));
    System.out.println("done=alone");
  }
}

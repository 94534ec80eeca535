package dev.unroll.testing.guard;

import static dev.unroll.testing.Failures.messageOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.data.Fill;
import dev.unroll.testing.data.MatrixView;
import dev.unroll.testing.reference.FmaChain;
import dev.unroll.testing.reference.MatmulCase;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A right kernel passes, and each planted bug is found by the check that it is meant for. */
class GuardedMatmulTest {

  private static final Reproducer HERE = Reproducer.of("Some.matmul");

  private static MatmulSpec spec(float alpha, float beta, boolean bias, Fill fill) {
    return new MatmulSpec(
        true,
        false,
        4,
        5,
        7,
        alpha,
        beta,
        bias,
        new MatmulSpec.Offsets(1, 2, 3, 4),
        new MatmulSpec.Paddings(2, 0, 3),
        fill,
        99);
  }

  /** Runs the chain on the operands, as C was before. */
  private static void right(GuardedMatmul p) {
    write(p, FmaChain.product(p.product()));
  }

  private static void write(GuardedMatmul p, float[] dense) {
    p.c().set(dense);
  }

  /** The product with some arguments exchanged. */
  private static void wrong(GuardedMatmul p, MatmulCase other) {
    write(p, FmaChain.product(other));
  }

  private static MatmulCase with(MatmulCase p, int k, MatrixView b, float beta) {
    return new MatmulCase(
        p.transposeA(),
        p.transposeB(),
        p.m(),
        p.n(),
        k,
        p.alpha(),
        p.a(),
        b,
        beta,
        p.c(),
        p.bias(),
        p.biasOffset());
  }

  private static void caughtByChain(MatmulSpec spec, Consumer<GuardedMatmul> kernel) {
    GuardedMatmul p = spec.build();
    kernel.accept(p);
    String message = messageOf(() -> p.assertChain(HERE));
    assertTrue(message.contains("spec=[" + spec + "]"), message);
  }

  private static void caughtByBound(MatmulSpec spec, Consumer<GuardedMatmul> kernel) {
    GuardedMatmul p = spec.build();
    kernel.accept(p);
    assertThrows(AssertionError.class, () -> p.assertAccurate(HERE));
  }

  private static void caughtByMemory(Consumer<GuardedMatmul> kernel, String message) {
    GuardedMatmul p = spec(1, 0, false, Fill.MODERATE).build();
    right(p);
    kernel.accept(p);
    String got = messageOf(() -> p.assertMemory(HERE));
    assertTrue(got.contains(message), got);
  }

  @Test
  void aRightKernelPassesEverything() {
    for (Fill fill : Fill.values()) {
      for (float alpha : new float[] {1, 0, -0.7f}) {
        for (float beta : new float[] {0, 1, 1.1f}) {
          for (boolean bias : new boolean[] {false, true}) {
            GuardedMatmul p = spec(alpha, beta, bias, fill).build();
            right(p);
            p.assertChain(HERE);
            p.assertMemory(HERE);
            if (fill.bounded()) {
              p.assertAccurate(HERE);
            }
          }
        }
      }
    }
  }

  @Test
  void theSameSpecGivesTheSameData() {
    MatmulSpec spec = spec(1, 1, true, Fill.BITS);
    GuardedMatmul first = spec.build();
    Snapshot a = Snapshot.of("A", first.a().array());
    System.arraycopy(spec.build().a().array(), 0, first.a().array(), 0, first.a().array().length);
    a.assertUnmodified(HERE);
    assertEquals(spec, first.spec());
  }

  @Test
  void oneStepShortInK() {
    MatmulSpec spec = spec(1, 0, false, Fill.ONES);
    Consumer<GuardedMatmul> bug =
        p -> wrong(p, with(p.product(), p.product().k() - 1, p.product().b(), 0));
    caughtByChain(spec, bug);
    caughtByBound(spec, bug);
  }

  @Test
  void wrongLeadingDimension() {
    MatmulSpec spec = spec(1, 0, false, Fill.SMALL_INTEGERS);
    Consumer<GuardedMatmul> bug =
        p -> {
          MatrixView b = p.product().b();
          MatrixView shifted = new MatrixView(b.data(), b.offset(), b.leadingDimension() + 1);
          wrong(p, with(p.product(), p.product().k(), shifted, 0));
        };
    caughtByChain(spec, bug);
    caughtByBound(spec, bug);
  }

  @Test
  void readingCThoughBetaIsZero() {
    MatmulSpec spec = spec(1, 0, false, Fill.ONES);
    Consumer<GuardedMatmul> bug =
        p -> {
          float[] result = FmaChain.product(p.product());
          for (int i = 0; i < result.length; i++) {
            result[i] += 0 * p.product().c().get(i / 5, i % 5);
          }
          write(p, result);
        };
    caughtByChain(spec, bug);
    caughtByBound(spec, bug);
  }

  @Test
  void readingAThoughAlphaIsZero() {
    Consumer<GuardedMatmul> bug =
        p -> {
          float[] result = FmaChain.product(p.product());
          result[0] += 0 * p.a().array()[p.a().offset()];
          write(p, result);
        };
    caughtByChain(spec(0, 1, false, Fill.ONES), bug);
  }

  @Test
  void ignoredBeta() {
    caughtByBound(
        spec(1, 1.1f, false, Fill.MODERATE),
        p -> wrong(p, with(p.product(), p.product().k(), p.product().b(), 1)));
  }

  @Test
  void descendingOrderOfKIsAccurateButNotTheChain() {
    Consumer<GuardedMatmul> bug =
        p -> {
          MatmulCase q = p.product();
          float[] result = new float[q.m() * q.n()];
          for (int i = 0; i < result.length; i++) {
            for (int step = q.k() - 1; step >= 0; step--) {
              result[i] = Math.fma(q.opA(i / q.n(), step), q.opB(step, i % q.n()), result[i]);
            }
          }
          write(p, result);
        };
    MatmulSpec spec = spec(1, 0, false, Fill.MODERATE);
    caughtByChain(spec, bug);
    GuardedMatmul p = spec.build();
    bug.accept(p);
    p.assertAccurate(HERE);
  }

  @Test
  void skippedZeroLosesNan() {
    MatmulSpec spec =
        new MatmulSpec(
            false,
            false,
            1,
            1,
            1,
            1,
            0,
            false,
            MatmulSpec.Offsets.NONE,
            MatmulSpec.Paddings.NONE,
            Fill.ZEROS,
            0);
    GuardedMatmul p = spec.build();
    p.b().set(Float.NaN);
    p.c().set(0);
    assertThrows(AssertionError.class, () -> p.assertChain(HERE));
  }

  @Test
  void writingOneColumnTooFar() {
    caughtByMemory(p -> p.c().array()[p.c().offset() + 5] = 1, "between rows 0 and 1");
  }

  @Test
  void writingBeforeAndAfter() {
    caughtByMemory(p -> p.c().array()[p.c().offset() - 1] = 1, "before the data");
    caughtByMemory(p -> p.c().array()[p.c().array().length - 67] = 1, "after the data");
  }

  @Test
  void changingAnInput() {
    caughtByMemory(p -> p.a().array()[p.a().offset()] *= 2, "A modified");
    caughtByMemory(p -> p.b().array()[p.b().offset()] *= 2, "B modified");
    caughtByMemory(p -> p.bias().array()[0] = 2, "bias modified");
  }
}

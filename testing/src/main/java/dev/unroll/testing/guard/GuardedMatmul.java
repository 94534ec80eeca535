package dev.unroll.testing.guard;

import dev.unroll.testing.reference.FmaChain;
import dev.unroll.testing.reference.MatmulCase;
import dev.unroll.testing.reference.ReferenceMatmul;
import dev.unroll.testing.tolerance.ErrorBounds;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;

/**
 * The operands of one matrix product, guarded, with what must come out. Give {@link #a}, {@link
 * #b}, {@link #c} and {@link #bias} to the kernel, then assert.
 */
public final class GuardedMatmul {

  private final MatmulSpec spec;
  private final MatmulCase product;
  private final GuardedFloats a;
  private final GuardedFloats b;
  private final GuardedFloats c;
  private final GuardedFloats bias;
  private final Snapshot aBefore;
  private final Snapshot bBefore;
  private final Snapshot biasBefore;

  GuardedMatmul(
      MatmulSpec spec,
      MatmulCase product,
      GuardedFloats a,
      GuardedFloats b,
      GuardedFloats c,
      GuardedFloats bias) {
    this.spec = spec;
    this.product = product;
    this.a = a;
    this.b = b;
    this.c = c;
    this.bias = bias;
    this.aBefore = Snapshot.of("A", a.array());
    this.bBefore = Snapshot.of("B", b.array());
    this.biasBefore = Snapshot.of("bias", bias.array());
  }

  /** What was asked for. */
  public MatmulSpec spec() {
    return spec;
  }

  /** The product as the references take it, with C as it was before the call. */
  public MatmulCase product() {
    return product;
  }

  /** Left operand. */
  public GuardedFloats a() {
    return a;
  }

  /** Right operand. */
  public GuardedFloats b() {
    return b;
  }

  /** Where the kernel writes. */
  public GuardedFloats c() {
    return c;
  }

  /** The bias; to be used only when the spec has one. */
  public GuardedFloats bias() {
    return bias;
  }

  /** C holds the bits of {@link FmaChain#product}. */
  public void assertChain(Reproducer where) {
    FloatAssert.assertBitsEqual(
        c.view(), c.rows(), c.columns(), FmaChain.product(product), where.with("spec", spec));
  }

  /** C is within {@link ErrorBounds#matmul} of {@link ReferenceMatmul#product}. */
  public void assertAccurate(Reproducer where) {
    FloatAssert.assertWithin(
        c.view(),
        c.rows(),
        c.columns(),
        ReferenceMatmul.product(product),
        ErrorBounds.matmul(product),
        where.with("spec", spec));
  }

  /** All canaries around C are alive, and A, B and the bias are untouched, theirs included. */
  public void assertMemory(Reproducer where) {
    Reproducer line = where.with("spec", spec);
    c.assertGuardsIntact(line);
    aBefore.assertUnmodified(line);
    bBefore.assertUnmodified(line);
    biasBefore.assertUnmodified(line);
  }
}

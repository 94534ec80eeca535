package dev.unroll.internal.pack;

import dev.unroll.internal.spi.UnaryKernel;
import org.jspecify.annotations.Nullable;

/**
 * One matrix product, C = f(alpha op(A) op(B) + beta C + bias), as the blocked driver reads it.
 *
 * <p>A plan fills one of these for each call and empties it afterwards, so that neither the call
 * allocates nor the plan keeps the caller's arrays alive. Offsets and leading dimensions are in
 * elements; everything has been checked.
 */
public final class Product {

  private static final float[] NONE = {};

  public int m;
  public int n;
  public int k;
  public float alpha = 1;
  public float beta;
  public boolean transposeA;
  public boolean transposeB;

  public float[] a = NONE;
  public int a0;
  public int lda;

  /** B as it stands, or its packed form when {@link #panels} is set. */
  public float[] b = NONE;

  public int b0;
  public int ldb;

  /** The cut of a packed B; null when B is to be read as it stands. */
  public @Nullable Panels panels;

  /** Added once for each column, at the start of the chain. */
  public float @Nullable [] bias;

  public int bias0;

  /** The function f at the end of the chain; null for none. */
  public @Nullable UnaryKernel activation;

  public float[] c = NONE;
  public int c0;
  public int ldc;

  /**
   * Whether the panels are walked from the last to the first. Where B is larger than a cache, one
   * product after another finds there what the one before has read last: if it walks the other way.
   * So products with the same B take turns. One row from an L3 cache behind an L2 cache of 1 MiB: 4
   * MB of weights 50 to 63 GFLOP/s, 1.2 MB 63 to 82.
   */
  public boolean backwards;

  /** Whether the products before and after this one walk the same B, the other way. */
  public boolean inTurns;

  /** Lets go of the caller's matrices. */
  public void release() {
    a = NONE;
    b = NONE;
    c = NONE;
    panels = null;
  }
}

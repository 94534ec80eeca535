package dev.unroll.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.unroll.Platform;
import dev.unroll.testing.data.Fill;
import dev.unroll.testing.guard.GuardedMatmul;
import dev.unroll.testing.guard.MatmulSpec;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * One hash over the bits of many products: the same in every JVM and on every machine, since it
 * stands here. It changes with {@link Platform#numericsVersion()}, and with the list of products.
 *
 * <p>Of the functions at the end only relu takes part, so that this hash is of products alone.
 */
class MatmulHashTest {

  private static final int NUMERICS_VERSION = 1;
  private static final String HASH =
      "4160e42be11421a4693142094fbd875e8c263809a365e9de804227bc517f8dad";

  /** m, n, k: vectors, tiles and their remainders, each kind of block. */
  private static final int[][] SHAPES = {
    {1, 1, 1},
    {1, 130, 40},
    {2, 33, 17},
    {3, 64, 70},
    {4, 100, 9},
    {5, 31, 50},
    {8, 260, 12},
    {13, 17, 33},
    {24, 96, 200},
    {3, 50, 1600},
    {100, 20, 780},
    {9, 1700, 10},
    {64, 7, 3}
  };

  @Test
  void theSameBitsEverywhere() throws NoSuchAlgorithmException {
    assertEquals(NUMERICS_VERSION, Platform.numericsVersion(), "so the hash has to be taken anew");
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    int flags = 0;
    for (int[] shape : SHAPES) {
      for (Fill fill : new Fill[] {Fill.MODERATE, Fill.WIDE, Fill.SUBNORMALS}) {
        for (Activation activation : List.of(Activation.IDENTITY, Activation.RELU)) {
          MatmulSpec spec =
              new MatmulSpec(
                  (flags & 1) != 0,
                  (flags & 2) != 0,
                  shape[0],
                  shape[1],
                  shape[2],
                  (flags & 4) != 0 ? 0.7f : 1,
                  (flags & 8) != 0 ? -1.3f : 0,
                  (flags & 16) != 0,
                  MatmulSpec.Offsets.NONE,
                  MatmulSpec.Paddings.NONE,
                  fill,
                  flags);
          flags++;
          GuardedMatmul product = spec.build();
          if ((flags & 32) != 0) {
            Matmul plan = Products.planForPacked(product).activation(activation).build();
            Products.multiplyPacked(plan, product, Products.pack(product));
          } else {
            Products.multiply(Products.plan(product).activation(activation).build(), product);
          }
          add(digest, product.c().toDense());
        }
      }
    }
    assertEquals(HASH, HexFormat.of().formatHex(digest.digest()));
  }

  /** No bit is put aside: the data is finite, so there are no NaNs whose payload is left open. */
  private static void add(MessageDigest digest, float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
    for (float value : values) {
      bytes.putInt(Float.floatToRawIntBits(value));
    }
    digest.update(bytes.array());
  }
}

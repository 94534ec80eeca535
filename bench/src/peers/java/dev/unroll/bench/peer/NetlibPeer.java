package dev.unroll.bench.peer;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import dev.unroll.bench.matmul.MatmulContender;
import dev.unroll.bench.matmul.Shape;
import java.util.List;

/**
 * netlib's BLAS in Java, which uses the Vector API: the same module as our kernels. One thread.
 *
 * <p>It multiplies column-major matrices, so it is given {@code C^T = B^T A^T}, which are the same
 * arrays.
 */
public final class NetlibPeer implements JavaPeers {

  private static final String NAME = "netlib";

  @Override
  public String describe(int threads) {
    return NAME + ": " + Holder.JAVA.getClass().getSimpleName() + ", one thread";
  }

  @Override
  public List<MatmulContender> matmulContenders() {
    return List.of(new Sgemm());
  }

  /** Loaded when first used: the library logs what it finds. */
  private static final class Holder {
    static final BLAS JAVA = JavaBLAS.getInstance();
  }

  private static final class Sgemm extends JavaMatmul {

    /** Products below this size are left to plain loops by the library. */
    private static final int SMALL = 1_000_000;

    Sgemm() {
      super(NAME, "sgemm", 6e10);
    }

    /**
     * Leaves out sizes at which the library's {@code int} product m n k overflows to something
     * small: 2048 cubed, for example, becomes 0, and goes to the plain loops by mistake.
     */
    @Override
    public boolean accepts(Shape shape, int threads) {
      int wrapped = shape.m() * shape.n() * shape.k();
      boolean mistaken = wrapped < SMALL && shape.flops() >= 2.0 * SMALL;
      return threads == 1 && !mistaken && super.accepts(shape, threads);
    }

    @Override
    void setUp(int threads) {}

    @Override
    public void run() {
      Holder.JAVA.sgemm("N", "N", n, m, k, 1f, b, n, a, k, 0f, c, n);
    }
  }
}

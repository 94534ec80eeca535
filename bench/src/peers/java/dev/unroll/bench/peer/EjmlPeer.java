package dev.unroll.bench.peer;

import dev.unroll.bench.matmul.MatmulContender;
import java.util.List;
import org.ejml.concurrency.EjmlConcurrency;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;
import org.ejml.dense.row.CommonOps_MT_FDRM;

/** EJML's row-major f32 matrices: plain Java. */
public final class EjmlPeer implements JavaPeers {

  private static final String NAME = "EJML";

  @Override
  public String describe(int threads) {
    return NAME + ": FMatrixRMaj, threads " + threads;
  }

  @Override
  public List<MatmulContender> matmulContenders() {
    return List.of(new Mult());
  }

  private static final class Mult extends JavaMatmul {

    private FMatrixRMaj left = new FMatrixRMaj();
    private FMatrixRMaj right = new FMatrixRMaj();
    private FMatrixRMaj product = new FMatrixRMaj();
    private boolean concurrent;

    Mult() {
      super(NAME, "mult", 3e9);
    }

    @Override
    void setUp(int threads) {
      left = FMatrixRMaj.wrap(m, k, a);
      right = FMatrixRMaj.wrap(k, n, b);
      product = FMatrixRMaj.wrap(m, n, c);
      concurrent = threads > 1;
      if (concurrent) {
        EjmlConcurrency.setMaxThreads(threads);
      }
    }

    @Override
    public void run() {
      if (concurrent) {
        CommonOps_MT_FDRM.mult(left, right, product);
      } else {
        CommonOps_FDRM.mult(left, right, product);
      }
    }
  }
}

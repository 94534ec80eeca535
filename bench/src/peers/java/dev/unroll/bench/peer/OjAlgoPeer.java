package dev.unroll.bench.peer;

import dev.unroll.bench.matmul.MatmulContender;
import java.util.List;
import org.ojalgo.OjAlgoUtils;
import org.ojalgo.matrix.store.R032Store;

/**
 * ojAlgo's f32 matrices: plain Java.
 *
 * <p>They are column-major, so it is given {@code C^T = B^T A^T}, which are the same arrays.
 */
public final class OjAlgoPeer implements JavaPeers {

  private static final String NAME = "ojAlgo";

  @Override
  public String describe(int threads) {
    return NAME
        + ": "
        + OjAlgoUtils.getVersion()
        + ", R032Store, at most "
        + threads
        + " thread(s)";
  }

  @Override
  public List<MatmulContender> matmulContenders() {
    return List.of(new Multiply());
  }

  private static final class Multiply extends JavaMatmul {

    private R032Store left = R032Store.wrap(0f);
    private R032Store right = R032Store.wrap(0f);
    private R032Store product = R032Store.wrap(0f);

    Multiply() {
      super(NAME, "fillByMultiplying", 3e9);
    }

    @Override
    void setUp(int threads) {
      OjAlgoUtils.limitThreadsTo(threads);
      left = R032Store.wrap(b, n);
      right = R032Store.wrap(a, k);
      product = R032Store.wrap(c, n);
    }

    @Override
    public void run() {
      product.fillByMultiplying(left, right);
    }
  }
}

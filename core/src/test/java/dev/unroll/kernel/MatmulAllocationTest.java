package dev.unroll.kernel;

import static dev.unroll.kernel.Products.LANES;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.unroll.testing.data.Fill;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Nothing is allocated in steady state. Until C2 has compiled a tile, its vectors are objects; so
 * each test repeats its calls until a whole round of them allocates nothing, and fails when that
 * does not come.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MatmulAllocationTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int CALLS = 20;

  /** Long enough for the compiler threads of a busy machine. */
  private static final long PATIENCE = 20_000_000_000L;

  private static void allocatesNothing(Runnable calls, long... others) {
    long deadline = System.nanoTime() + PATIENCE;
    long bytes;
    do {
      long before = allocated(others);
      for (int i = 0; i < CALLS; i++) {
        calls.run();
      }
      bytes = allocated(others) - before;
      if (bytes == 0) {
        return;
      }
    } while (System.nanoTime() < deadline);
    fail("still " + bytes / CALLS + " bytes for each round of calls");
  }

  private static long allocated(long... others) {
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    for (long thread : others) {
      bytes += THREADS.getThreadAllocatedBytes(thread);
    }
    return bytes;
  }

  /** A product of matrices that stay, on one plan. */
  private static Runnable calls(Matmul.Builder builder, int m, int n, int k) {
    Matmul plan = builder.build();
    float[] a = Fill.MODERATE.array(m * k, 1);
    float[] b = Fill.MODERATE.array(k * n, 2);
    float[] c = new float[m * n];
    return () -> plan.multiply(m, n, k, a, b, c);
  }

  private static Runnable packed(Matmul.Builder builder, int m, int n, int k) {
    Matmul plan = builder.build();
    float[] a = Fill.MODERATE.array(m * k, 1);
    PackedMatrix b = PackedMatrix.pack(k, n, Fill.MODERATE.array(k * n, 2));
    float[] c = new float[m * n];
    return () -> plan.multiply(m, a, b, c);
  }

  private static Runnable all(List<Runnable> calls) {
    Runnable[] array = calls.toArray(new Runnable[0]);
    return () -> {
      for (Runnable each : array) {
        each.run();
      }
    };
  }

  @Test
  void theMeasureSeesAllocations() {
    long before = allocated();
    float[] some = new float[100];
    long after = allocated();
    if (after - before < 4L * some.length) {
      fail("an array of 400 bytes counts for " + (after - before));
    }
  }

  @Test
  void plainProducts() {
    // Read in place, packed first, a vector, a long chain, and rows of B swept by one to fifteen.
    allocatesNothing(
        all(
            List.of(
                calls(Matmul.builder(), 16, 4 * LANES, 32),
                calls(Matmul.builder(), 20, 8 * LANES, 20_000 / (8 * LANES)),
                calls(Matmul.builder(), 1, 4 * LANES, 64),
                calls(Matmul.builder(), 4, LANES, 1600),
                calls(Matmul.builder(), 1, 128, 131),
                calls(Matmul.builder(), 4, 128, 131),
                calls(Matmul.builder(), 7, 128, 131),
                calls(Matmul.builder(), 15, 128, 131))));
  }

  @Test
  void packedProducts() {
    allocatesNothing(
        all(
            List.of(
                packed(Matmul.builder(), 16, 4 * LANES, 64),
                packed(Matmul.builder(), 1, 8 * LANES, 64),
                packed(Matmul.builder(), 1, 12 * LANES, 300),
                packed(Matmul.builder(), 2, 2 * LANES, 1600))));
  }

  @Test
  void transposesScalarsBiasAndFunctions() {
    float[] bias = Fill.MODERATE.array(4 * LANES, 3);
    allocatesNothing(
        all(
            List.of(
                calls(Matmul.builder().transposeA(), 12, 4 * LANES, 32),
                calls(Matmul.builder().transposeB(), 12, 4 * LANES, 32),
                calls(Matmul.builder().transposeA().transposeB(), 12, 4 * LANES, 32),
                calls(Matmul.builder().alpha(0.5f).beta(0.25f), 12, 4 * LANES, 32),
                packed(Matmul.builder().alpha(0.5f).beta(1).bias(bias, 0), 12, 4 * LANES, 32),
                packed(Matmul.builder().bias(bias, 0).activation(Activation.TANH), 4, 4 * LANES, 8),
                packed(
                    Matmul.builder().bias(bias, 0).activation(Activation.SIGMOID), 4, 4 * LANES, 8),
                packed(Matmul.builder().activation(Activation.RELU), 4, 4 * LANES, 8))));
  }

  @Test
  void edgePanels() {
    allocatesNothing(
        all(
            List.of(
                calls(Matmul.builder(), 13, 4 * LANES - 1, 32),
                calls(Matmul.builder().beta(2), 13, 4 * LANES + 1, 32),
                packed(Matmul.builder(), 35, LANES / 2, 32),
                packed(Matmul.builder(), 3, 2 * LANES + 1, 32))));
  }

  @Test
  void batches() {
    Matmul plan = Matmul.plain();
    float[] a = Fill.MODERATE.array(4 * 8 * 16, 1);
    float[] b = Fill.MODERATE.array(16 * 2 * LANES, 2);
    float[] c = new float[4 * 8 * 2 * LANES];
    int n = 2 * LANES;
    allocatesNothing(
        () -> plan.multiplyBatched(4, 8, n, 16, a, 0, 16, 128, b, 0, n, 0, c, 0, n, 8 * n));
  }

  /** One plan for many shapes: it keeps room for the largest, and cuts columns anew. */
  @Test
  void alternatingShapes() {
    Matmul plan = Matmul.builder().transposeB().build();
    float[] a = Fill.MODERATE.array(1000, 1);
    float[] b = Fill.MODERATE.array(20 * 5 * LANES, 2);
    float[] c = new float[10 * 5 * LANES];
    allocatesNothing(
        () -> {
          for (int m = 1; m <= 9; m += 4) {
            for (int n = LANES - 1; n <= 5 * LANES; n += LANES + 1) {
              plan.multiply(m, n, 20, a, b, c);
            }
          }
        });
  }

  @Test
  void poolThreads() {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    try (Parallelism pool = Parallelism.pool(3)) {
      Set<Thread> workers = new HashSet<>(Thread.getAllStackTraces().keySet());
      workers.removeAll(before);
      workers.removeIf(thread -> !thread.getName().startsWith("unroll-"));
      if (workers.size() != 2) {
        fail("the pool's threads are " + workers);
      }
      int k = (1 << 19) / (48 * 6 * LANES) + 1;
      allocatesNothing(
          all(
              List.of(
                  calls(Matmul.builder().parallelism(pool), 48, 6 * LANES, k),
                  packed(Matmul.builder().parallelism(pool), 48, 6 * LANES, k))),
          workers.stream().mapToLong(Thread::threadId).toArray());
    }
  }
}

package dev.unroll.stress;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.cell.Cell;
import dev.unroll.cell.CellSpec;
import dev.unroll.cell.PackedCell;
import dev.unroll.cell.SequenceLayout;
import dev.unroll.cell.WeightSet;
import dev.unroll.cell.WeightStorage;
import dev.unroll.internal.spi.Kernels;
import dev.unroll.kernel.Matmul;
import dev.unroll.kernel.PackedMatrix;
import dev.unroll.kernel.Parallelism;
import dev.unroll.layer.PackedStack;
import dev.unroll.layer.Stack;
import dev.unroll.layer.StackSpec;
import dev.unroll.layer.StackTrainer;
import dev.unroll.layer.StackWeights;
import dev.unroll.testing.data.Fill;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * Several threads with plans and outputs of their own on what they may share: the bits that each
 * would get alone, or the exception that is documented.
 */
final class ThreadsTest {

  /** Large enough to be split over three threads. */
  private static final int M = 37;

  private static final int N = 130;
  private static final int K = 150;
  private static final float[] A = Fill.MODERATE.array(M * K, 1);
  private static final float[] B = Fill.MODERATE.array(K * N, 2);
  private static final float[] EXPECTED = product(Matmul.plain());

  private static float[] product(Matmul plan) {
    float[] c = new float[M * N];
    plan.multiply(M, N, K, A, B, c);
    return c;
  }

  private static void assertSame(float[] expected, float[] got, String what) {
    Reproducer where =
        Reproducer.of(what).twin(Kernels.get().name()).width(Kernels.get().vectorBits());
    FloatAssert.assertRawBitsEqual(got, 0, expected, 0, expected.length, where);
  }

  // Weights

  @Test
  void aPackedMatrixServesAll() {
    PackedMatrix b = PackedMatrix.pack(K, N, B);
    Race.run(
        "a packed matrix",
        () -> {
          Matmul plan = Matmul.plain();
          float[] c = new float[M * N];
          return () -> {
            for (int rows : new int[] {1, M}) {
              java.util.Arrays.fill(c, Float.NaN);
              plan.multiply(rows, A, b, c);
              FloatAssert.assertRawBitsEqual(c, 0, EXPECTED, 0, rows * N, Reproducer.of("rows"));
            }
          };
        });
  }

  private static List<StackSpec> specs() {
    return List.of(
        StackSpec.of(CellSpec.lstm(6, 10).withPeepholes(), 2)
            .bidirectional(StackSpec.Merge.CONCATENATE),
        StackSpec.of(CellSpec.gru(9, 9), 3).withResiduals().withDropout(0.3f),
        StackSpec.of(CellSpec.elman(4, 33), 2).bidirectional(StackSpec.Merge.SUM),
        StackSpec.of(CellSpec.lstm(6, 20).withProjection(5).withZoneout(0.1f, 0.2f), 2));
  }

  /** What a stack runs on; of a thread's own but for the weights. */
  private static final class Serving {
    private static final int T = 5;
    private static final int[] LENGTHS = {5, 0, 3, 5, 1, 4, 2, 5};

    private final StackSpec spec;
    private final float[] x;
    private final float[] y;

    Serving(StackSpec spec) {
      this.spec = spec;
      x = Fill.MODERATE.array(T * LENGTHS.length * spec.inputSize(), 3);
      y = new float[T * LENGTHS.length * spec.outputSize()];
    }

    static StackWeights weights(StackSpec spec) {
      StackWeights weights = StackWeights.zeros(spec);
      int seed = 0;
      for (float[] array : weights.arrays()) {
        float[] values = Fill.MODERATE.array(array.length, ++seed);
        for (int i = 0; i < array.length; i++) {
          array[i] = 0.2f * values[i];
        }
      }
      return weights;
    }

    private float[] states(int size) {
      return Fill.MODERATE.array(spec.parts() * LENGTHS.length * size, 4);
    }

    float[] serve(Stack stack) {
      float[] c = spec.hasCell() ? states(spec.hiddenSize()) : null;
      float[] h = states(spec.stateSize());
      stack.forward(SequenceLayout.TIME_MAJOR, T, LENGTHS.length, LENGTHS, x, y, h, c);
      return y.clone();
    }

    /** The gradient of x, through masks and all. */
    float[] train(StackTrainer trainer) {
      float[] c = spec.hasCell() ? states(spec.hiddenSize()) : null;
      float[] h = states(spec.stateSize());
      trainer.forward(SequenceLayout.TIME_MAJOR, T, LENGTHS.length, LENGTHS, x, y, h, c);
      float[] dx = new float[x.length];
      StackWeights gradients = StackWeights.zeros(spec);
      trainer.backward(x, 0, y, 0, h, 0, c, 0, dx, 0, gradients, false);
      return dx;
    }
  }

  @Test
  void packedStacksServeAll() {
    for (StackSpec spec : specs()) {
      PackedStack weights = PackedStack.pack(Serving.weights(spec));
      float[] expected = new Serving(spec).serve(Stack.of(weights));
      Race.run(
          "serving " + spec,
          () -> {
            Stack plan = Stack.of(weights);
            Serving mine = new Serving(spec);
            return () -> assertSame(expected, mine.serve(plan), "serving");
          });
    }
  }

  /** Weights that nobody writes may be loaded by any number of trainers at once. */
  @Test
  void weightsAreReadByAll() {
    for (StackSpec spec : specs()) {
      StackWeights weights = Serving.weights(spec);
      StackTrainer alone = StackTrainer.of(spec);
      alone.load(weights);
      float[] expected = new Serving(spec).train(alone);
      Race.run(
          "training " + spec,
          () -> {
            StackTrainer trainer = StackTrainer.of(spec);
            Serving mine = new Serving(spec);
            return () -> {
              trainer.load(weights);
              assertSame(expected, mine.train(trainer), "training");
            };
          });
    }
  }

  @Test
  void cellsOfShortWeightsServeAll() {
    CellSpec spec = CellSpec.lstm(24, 40);
    WeightSet weights = Serving.weights(StackSpec.of(spec, 1)).part(0);
    PackedCell packed = PackedCell.pack(weights, WeightStorage.BFLOAT16);
    float[] expected = step(Cell.of(packed));
    Race.run(
        "steps of a cell",
        () -> {
          Cell cell = Cell.of(packed);
          return () -> assertSame(expected, step(cell), "step");
        });
  }

  private static float[] step(Cell cell) {
    float[] h = Fill.MODERATE.array(40, 5);
    float[] c = Fill.MODERATE.array(40, 6);
    cell.step(1, Fill.MODERATE.array(24, 7), 0, h, 0, c, 0);
    return h;
  }

  // Threads that are shared by callers

  @Test
  void onePoolServesAllCallers() {
    ExecutorService executor = Executors.newFixedThreadPool(2);
    try (Parallelism pool = Parallelism.pool(3)) {
      AtomicInteger callers = new AtomicInteger();
      Race.run(
          "a pool and an executor",
          () -> {
            boolean onPool = callers.getAndIncrement() % 2 == 0;
            Parallelism threads = onPool ? pool : Parallelism.on(executor, 3);
            Matmul plan = Matmul.builder().parallelism(threads).build();
            return () -> assertSame(EXPECTED, product(plan), "product");
          });
    } finally {
      executor.shutdown();
    }
  }

  @Test
  void interruptsEndNoCallAndAreKept() {
    AtomicInteger kept = new AtomicInteger();
    try (Parallelism pool = Parallelism.pool(3)) {
      Race.runInterrupted(
          "interrupted calls",
          () -> {
            Matmul plan = Matmul.builder().parallelism(pool).build();
            return () -> {
              Thread.currentThread().interrupt();
              assertSame(EXPECTED, product(plan), "product");
              assertTrue(Thread.interrupted(), "the interrupt was lost");
              kept.incrementAndGet();
            };
          });
    }
    assertTrue(kept.get() > 0);
  }

  // Closing during use

  /** One of the threads closes the pool that the others use, and gives them another. */
  @Test
  void aPoolIsClosedWhileOthersUseIt() {
    AtomicReference<Parallelism> current = new AtomicReference<>(Parallelism.pool(3));
    AtomicInteger threads = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    Race.run(
        "closing a pool",
        () ->
            threads.getAndIncrement() == 0
                ? () -> {
                  Thread.sleep(0, 500_000);
                  current.getAndSet(Parallelism.pool(3)).close();
                }
                : () -> {
                  Matmul plan = Matmul.builder().parallelism(requireNonNull(current.get())).build();
                  try {
                    for (int i = 0; i < 8; i++) {
                      assertSame(EXPECTED, product(plan), "product");
                      done.incrementAndGet();
                    }
                  } catch (IllegalStateException closed) {
                    assertEquals("the pool is closed", closed.getMessage());
                    refused.incrementAndGet();
                  }
                });
    requireNonNull(current.get()).close();
    assertTrue(done.get() > 0, "no call got through");
    System.out.printf("closing a pool: %d calls whole, %d refused%n", done.get(), refused.get());
  }

  @Test
  void anExecutorIsShutDownWhileOthersUseIt() {
    AtomicReference<ExecutorService> current =
        new AtomicReference<>(Executors.newFixedThreadPool(2));
    AtomicInteger threads = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    Race.run(
        "shutting an executor down",
        () ->
            threads.getAndIncrement() == 0
                ? () -> {
                  Thread.sleep(0, 500_000);
                  var _ = current.getAndSet(Executors.newFixedThreadPool(2)).shutdownNow();
                }
                : () -> {
                  Parallelism three = Parallelism.on(requireNonNull(current.get()), 3);
                  Matmul plan = Matmul.builder().parallelism(three).build();
                  try {
                    for (int i = 0; i < 8; i++) {
                      assertSame(EXPECTED, product(plan), "product");
                      done.incrementAndGet();
                    }
                  } catch (RejectedExecutionException shutDown) {
                    refused.incrementAndGet();
                  }
                });
    requireNonNull(current.get()).shutdown();
    assertTrue(done.get() > 0, "no call got through");
    System.out.printf("shutting down: %d calls whole, %d refused%n", done.get(), refused.get());
  }
}

package dev.unroll.layer;

import static dev.unroll.cell.SequenceLayout.BATCH_MAJOR;
import static dev.unroll.cell.SequenceLayout.TIME_MAJOR;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.unroll.Platform;
import dev.unroll.cell.CellSpec;
import dev.unroll.cell.WeightSet;
import dev.unroll.kernel.Parallelism;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Examples: what a stack is, what plans promise their owners, the same bits everywhere. */
final class StackTest {

  private static final int[] LENGTHS = {3, 0, 7, 7, 1};

  private static final String HASH =
      "6362f2f318b583826f111fb6709970609b2fc381db73db90ac62576dd7b7eb18";

  private static StackSpec lstm() {
    return StackSpec.of(CellSpec.lstm(6, 10), 2).bidirectional(StackSpec.Merge.CONCATENATE);
  }

  private static List<StackCase> everyKind() {
    return List.of(
        new StackCase(lstm(), 7, LENGTHS, 1),
        new StackCase(
            StackSpec.of(CellSpec.gru(9, 9), 3).withResiduals().withDropout(0.3f), 7, LENGTHS, 2),
        new StackCase(
            StackSpec.of(CellSpec.elman(4, 33), 2)
                .bidirectional(StackSpec.Merge.SUM)
                .withDropout(0.5f),
            7,
            LENGTHS,
            3),
        new StackCase(StackSpec.of(CellSpec.lstm(6, 20).withProjection(5), 2), 7, LENGTHS, 4));
  }

  /** One hash over the bits of runs there and back: whichever twin and width ran. */
  @Test
  void theSameBitsEverywhere() throws NoSuchAlgorithmException {
    assertEquals(1, Platform.numericsVersion(), "so the hash has to be taken anew");
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (StackCase of : everyKind()) {
      for (float[] array : StackRun.train(of, BATCH_MAJOR).arrays()) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * array.length);
        for (float value : array) {
          bytes.putInt(Float.floatToRawIntBits(value));
        }
        digest.update(bytes.array());
      }
    }
    assertEquals(HASH, HexFormat.of().formatHex(digest.digest()));
  }

  @Test
  void aSpecKnowsItsSizes() {
    StackSpec spec = lstm();
    assertEquals(4, spec.parts());
    assertEquals(20, spec.outputSize());
    assertEquals(10, spec.stateSize());
    assertEquals(CellSpec.lstm(20, 10), spec.cell(1));
    assertEquals(10, spec.bidirectional(StackSpec.Merge.SUM).outputSize());
    assertFalse(spec.withResiduals().residual(0));
    assertTrue(spec.withResiduals().residual(1));
    assertEquals(spec, lstm());
    assertFalse(spec.equals(spec.withDropout(0.1f)));
    for (float p : new float[] {-0.1f, 1, Float.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> spec.withDropout(p));
    }
    assertThrows(IllegalArgumentException.class, () -> StackSpec.of(spec.cell(0), 0));
  }

  // Dropout

  private static StackCase dropped(float p) {
    int[] lengths = new int[50];
    Arrays.fill(lengths, 20);
    return new StackCase(StackSpec.of(CellSpec.elman(3, 16), 2).withDropout(p), 20, lengths, 5);
  }

  @Test
  void dropoutIsForTrainingAlone() {
    StackCase of = dropped(0.5f);
    StackCase without = new StackCase(of.spec().withDropout(0), 20, of.lengths(), 5);
    assertArrayEquals(StackRun.serve(without, TIME_MAJOR).y(), StackRun.serve(of, TIME_MAJOR).y());
    assertFalse(
        Arrays.equals(StackRun.train(without, TIME_MAJOR).y(), StackRun.train(of, TIME_MAJOR).y()));
    assertArrayEquals(StackRun.train(of, TIME_MAJOR).y(), StackRun.train(of, BATCH_MAJOR).y());
  }

  @Test
  void anotherSeedIsAnotherMask() {
    StackCase of = dropped(0.5f);
    float[] y = StackRun.train(of, TIME_MAJOR).y();
    StackTrainer trainer = StackTrainer.of(of.spec()).masks(1, 0, 0);
    assertFalse(Arrays.equals(y, StackRun.train(of, TIME_MAJOR, trainer).y()));
    assertArrayEquals(y, StackRun.train(of, TIME_MAJOR, trainer.masks(0, 0, 0)).y());
  }

  /** Rows and steps that are told which they are get the masks that they have in the whole. */
  @Test
  void masksDoNotChangeWhenABatchOrASequenceIsCut() {
    StackCase of = dropped(0.4f);
    StackSpec spec = of.spec();
    StackRun whole = StackRun.train(of, TIME_MAJOR);
    for (int n : new int[] {0, 1, 37}) {
      StackTrainer trainer = StackTrainer.of(spec).masks(0, n, 0);
      StackRun alone = StackRun.train(of.row(n), TIME_MAJOR, trainer);
      whole.row(of, n).assertSameBits(alone, of.where().with("row", n));
    }
    StackTrainer trainer = StackTrainer.of(spec);
    trainer.load(of.weights());
    float[] h = of.h(0);
    float[] y = new float[20 * 50 * 16];
    trainer.forward(TIME_MAJOR, 8, 50, null, of.x(), 0, y, 0, h, 0, null, 0);
    trainer.masks(0, 0, 8);
    trainer.forward(TIME_MAJOR, 12, 50, null, of.x(), 8 * 50 * 3, y, 8 * 50 * 16, h, 0, null, 0);
    assertArrayEquals(whole.y(), y);
    assertArrayEquals(whole.h(), h);
  }

  /** The first layer's gradient is a sum over what the mask let through: no mask, no gradient. */
  @Test
  void theGradientHasTheMaskOfTheWayThere() {
    // y = x through a first layer of units that copy, seen through the mask of the second.
    StackSpec spec =
        StackSpec.of(
                CellSpec.elman(8, 8)
                    .withActivation(dev.unroll.kernel.Activation.RELU)
                    .withBias(CellSpec.Bias.NONE),
                2)
            .withDropout(0.5f);
    StackWeights weights = StackWeights.zeros(spec);
    for (WeightSet part : weights.parts()) {
      for (int i = 0; i < 8; i++) {
        part.inputWeights()[i * 8 + i] = 1;
      }
    }
    int rows = 500;
    float[] x = new float[rows * 8];
    Arrays.fill(x, 1);
    float[] y = new float[x.length];
    float[] dx = new float[x.length];
    StackTrainer trainer = StackTrainer.of(spec);
    trainer.load(weights);
    trainer.forward(TIME_MAJOR, 1, rows, null, x, y, new float[2 * x.length], null);
    trainer.backward(
        x, 0, x, 0, new float[2 * x.length], 0, null, 0, dx, 0, StackWeights.zeros(spec), false);
    int zeros = 0;
    for (int i = 0; i < y.length; i++) {
      assertTrue(y[i] == 0 || y[i] == 2, () -> "dropout leaves 0 or 1 / (1 - p)");
      assertEquals(y[i], dx[i]);
      zeros += y[i] == 0 ? 1 : 0;
    }
    // 4000 coins: five standard deviations are 158.
    assertEquals(2000, zeros, 158);
  }

  // Plans

  @Test
  void nothingIsAllocatedInSteadyState() {
    for (StackCase of : everyKind()) {
      try (Parallelism pool = Parallelism.pool(2)) {
        for (Parallelism threads : List.of(Parallelism.none(), pool)) {
          StackSpec spec = of.spec();
          Stack plan = Stack.of(PackedStack.pack(of.weights()), threads);
          StackTrainer trainer = StackTrainer.of(spec, threads);
          StackWeights weights = of.weights();
          StackWeights gradients = StackWeights.zeros(spec);
          float[] x = of.x();
          float[] y = new float[of.steps() * of.batch() * spec.outputSize()];
          float[] h = of.h(0);
          float[] c = of.c(0);
          float[] cells = spec.hasCell() ? c : null;
          float[] dh = of.h(2);
          float[] dc = spec.hasCell() ? of.c(2) : null;
          trainer.load(weights);
          Allocation.assertNone(
              () -> {
                plan.forward(TIME_MAJOR, 7, 5, LENGTHS, x, y, h, cells);
                plan.forward(BATCH_MAJOR, 7, 5, null, x, y, h, cells);
                if (spec.directions() == 1) {
                  plan.step(5, x, 0, y, 0, h, 0, cells, 0);
                }
                trainer.forward(TIME_MAJOR, 7, 5, LENGTHS, x, y, h, cells);
                trainer.backward(x, 0, y, 0, dh, 0, dc, 0, null, 0, gradients, true);
                Arrays.fill(h, 0f);
                Arrays.fill(c, 0f);
              });
        }
      }
    }
  }

  /** Until C2 has compiled a kernel its vectors are objects: the state has to be reached first. */
  private static final class Allocation {
    static void assertNone(Runnable call) {
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long deadline = System.nanoTime() + 20_000_000_000L;
      long least = Long.MAX_VALUE;
      for (int round = 0; least > 0 && (round < 100 || System.nanoTime() < deadline); round++) {
        long before = threads.getTotalThreadAllocatedBytes();
        for (int i = 0; i < 50; i++) {
          call.run();
        }
        least = Math.min(least, threads.getTotalThreadAllocatedBytes() - before);
      }
      assertEquals(0, least, "bytes in 50 calls");
    }
  }

  @Test
  void twoThreadsShareOneWeightObject() throws InterruptedException {
    StackCase of = everyKind().getFirst();
    PackedStack weights = PackedStack.pack(of.weights());
    StackRun expected = StackRun.serve(of, TIME_MAJOR);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Runnable work =
        () -> {
          Stack plan = Stack.of(weights);
          for (int i = 0; i < 20; i++) {
            StackRun.serve(of, TIME_MAJOR, plan).assertSameBits(expected, of.where());
          }
        };
    Thread other =
        Thread.ofPlatform().uncaughtExceptionHandler((t, e) -> failure.set(e)).start(work);
    work.run();
    other.join();
    assertEquals(null, failure.get());
  }

  @Test
  void gradientsAccumulateOrOverwrite() {
    StackCase of = everyKind().getFirst();
    StackTrainer trainer = StackTrainer.of(of.spec());
    trainer.load(of.weights());
    StackWeights once = StackWeights.zeros(of.spec());
    StackWeights twice = StackWeights.zeros(of.spec());
    for (float[] array : once.arrays()) {
      Arrays.fill(array, 17);
    }
    for (StackWeights into : List.of(once, twice, twice)) {
      trainer.forward(TIME_MAJOR, 7, 5, LENGTHS, of.x(), new float[7 * 5 * 20], of.h(0), of.c(0));
      trainer.backward(of.x(), 0, of.dy(), 0, of.h(2), 0, of.c(2), 0, null, 0, into, into == twice);
    }
    for (int i = 0; i < once.arrays().size(); i++) {
      float[] one = once.arrays().get(i);
      float[] two = twice.arrays().get(i);
      double norm = 0;
      for (float value : one) {
        norm = Math.max(norm, Math.abs(value));
      }
      for (int j = 0; j < one.length; j++) {
        assertEquals(2 * one[j], two[j], 1e-5 * norm);
      }
    }
  }

  @Test
  void thereIsNoWayBackWithoutAWayThere() {
    StackCase of = everyKind().getFirst();
    StackTrainer trainer = StackTrainer.of(of.spec());
    float[] y = new float[7 * 5 * 20];
    assertThrows(
        IllegalStateException.class,
        () -> trainer.forward(TIME_MAJOR, 7, 5, null, of.x(), y, of.h(0), of.c(0)));
    trainer.load(of.weights());
    Runnable back =
        () ->
            trainer.backward(
                of.x(),
                0,
                null,
                0,
                of.h(2),
                0,
                of.c(2),
                0,
                null,
                0,
                StackWeights.zeros(of.spec()),
                false);
    assertThrows(IllegalStateException.class, back::run);
    trainer.forward(TIME_MAJOR, 7, 5, LENGTHS, of.x(), y, of.h(0), of.c(0));
    back.run();
    assertThrows(IllegalStateException.class, back::run);
  }

  @Test
  void aStackInBothDirectionsHasNoSteps() {
    StackCase of = everyKind().getFirst();
    Stack plan = Stack.of(PackedStack.pack(of.weights()));
    assertThrows(
        IllegalStateException.class,
        () -> plan.step(5, of.x(), 0, new float[100], 0, of.h(0), 0, of.c(0), 0));
  }
}

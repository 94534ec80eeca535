package dev.unroll.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.unroll.cell.SequenceLayout;
import dev.unroll.kernel.Parallelism;
import dev.unroll.testing.tolerance.FloatAssert;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** The laws of stacks and of sequences of different lengths, in bits; every run is guarded. */
final class StackProperties {

  /** In each of four JVMs on every build. */
  private static final int TRIES = 40;

  private static List<Parallelism> shared = List.of();

  @BeforeContainer
  static void startThreads() {
    // With an executor that runs nothing each part is done before the next begins.
    shared =
        List.of(
            Parallelism.pool(2),
            Parallelism.pool(3),
            Parallelism.on(task -> {}, 2),
            Parallelism.on(task -> {}, 5));
  }

  @AfterContainer
  static void endThreads() {
    shared.forEach(Parallelism::close);
  }

  @Provide
  Arbitrary<StackCase> cases() {
    return StackArbitraries.cases();
  }

  /** Layers, directions, merges and residuals are what single cells give, put together by hand. */
  @Property(tries = TRIES)
  void aStackIsItsCells(@ForAll("cases") StackCase of, @ForAll SequenceLayout layout) {
    StackRun run = StackRun.serve(of, layout);
    for (int n = 0; n < of.batch(); n++) {
      run.row(of, n).assertSameBits(ByHand.serve(of.row(n)), of.where().with("row", n));
    }
  }

  /** Among others, whatever their lengths: a row gives the bits that it gives alone. */
  @Property(tries = TRIES)
  void rowsKnowNothingOfEachOther(@ForAll("cases") StackCase of, @ForAll SequenceLayout layout) {
    StackRun run = StackRun.train(of, layout);
    for (int n = 0; n < of.batch(); n++) {
      StackRun alone = StackRun.train(of.row(n), layout);
      run.row(of, n).assertSameBits(alone, of.where().with("row", n));
    }
  }

  /** Steps that a row does not have are 0 in y and dx, in bits, though x and dy are NaN there. */
  @Property(tries = TRIES)
  void paddingIsZero(@ForAll("cases") StackCase of, @ForAll SequenceLayout layout) {
    StackRun run = StackRun.train(of, layout);
    assertPadding(of, run.y(), of.spec().outputSize());
    assertPadding(of, run.dx(), of.spec().inputSize());
    for (float[] array : run.arrays()) {
      for (float value : array) {
        assertEquals(value, value, of.where().line());
      }
    }
  }

  private static void assertPadding(StackCase of, float[] values, int width) {
    for (int n = 0; n < of.batch(); n++) {
      for (int t = of.lengths()[n]; t < of.steps(); t++) {
        for (int i = 0; i < width; i++) {
          float value = values[(t * of.batch() + n) * width + i];
          assertEquals(0, Float.floatToRawIntBits(value), of.where().line());
        }
      }
    }
  }

  /** How much padding there is does not show, in gradients of weights neither. */
  @Property(tries = TRIES)
  void paddingDoesNotShow(
      @ForAll("cases") StackCase of,
      @ForAll SequenceLayout layout,
      @ForAll @IntRange(min = 1, max = 9) int more) {
    StackRun run = StackRun.train(of, layout);
    StackRun padded = StackRun.train(of.padded(more), layout);
    for (int n = 0; n < of.batch(); n++) {
      padded.row(of.padded(more), n).assertSameBits(run.row(of, n), of.where().with("row", n));
    }
    assertSameGradients(of, run, padded);
  }

  private static void assertSameGradients(StackCase of, StackRun a, StackRun b) {
    new StackRun(new float[0], a.h(), a.c(), new float[0], a.dh(), a.dc(), a.gradients())
        .assertSameBits(
            new StackRun(new float[0], b.h(), b.c(), new float[0], b.dh(), b.dc(), b.gradients()),
            of.where());
  }

  @Property(tries = TRIES)
  void trainingGivesTheBitsOfServing(@ForAll("cases") StackCase of, @ForAll SequenceLayout layout) {
    StackRun serving = StackRun.serve(of, layout);
    StackRun training = StackRun.train(of, layout);
    float[] none = {};
    new StackRun(training.y(), training.h(), training.c(), none, none, none, null)
        .assertSameBits(serving, of.where());
  }

  @Property(tries = TRIES)
  void layoutsThreadsAndCheckpointsGiveTheSameBits(
      @ForAll("cases") StackCase of, @ForAll @IntRange(min = 1, max = 5) int every) {
    StackRun run = StackRun.train(of, SequenceLayout.TIME_MAJOR);
    StackRun.train(of, SequenceLayout.BATCH_MAJOR)
        .assertSameBits(run, of.where().with("layout", SequenceLayout.BATCH_MAJOR));
    StackRun served = StackRun.serve(of, SequenceLayout.TIME_MAJOR);
    for (Parallelism threads : shared) {
      StackRun.train(of, SequenceLayout.TIME_MAJOR, threads)
          .assertSameBits(run, of.where().with("threads", threads.threads()));
      StackRun.serve(of, SequenceLayout.BATCH_MAJOR, threads)
          .assertSameBits(served, of.where().with("serving threads", threads.threads()));
    }
    StackTrainer checkpoints = StackTrainer.of(of.spec()).checkpointEvery(every);
    StackRun.train(of, SequenceLayout.TIME_MAJOR, checkpoints)
        .assertSameBits(run, of.where().with("checkpoints", every));
    StackRun.train(of, SequenceLayout.TIME_MAJOR, checkpoints.checkpointBySquareRoot())
        .assertSameBits(run, of.where().with("checkpoints", "sqrt"));
    StackRun.train(of, SequenceLayout.TIME_MAJOR, checkpoints)
        .assertSameBits(run, of.where().with("trainer", "used"));
  }

  /** Many rows that end one after the other, while several threads are ahead of each other. */
  @Example
  void threadsGiveTheSameBitsWhileRowsEnd() {
    int[] lengths = new int[40];
    for (int n = 0; n < lengths.length; n++) {
      lengths[n] = (n * 23) % 41;
    }
    for (var cell :
        List.of(
            dev.unroll.cell.CellSpec.lstm(3, 5),
            dev.unroll.cell.CellSpec.gru(3, 9),
            dev.unroll.cell.CellSpec.elman(3, 5))) {
      StackSpec spec = StackSpec.of(cell, 2).bidirectional(StackSpec.Merge.SUM);
      StackCase of = new StackCase(spec, 40, lengths, 7);
      StackRun run = StackRun.train(of, SequenceLayout.TIME_MAJOR);
      StackRun served = StackRun.serve(of, SequenceLayout.TIME_MAJOR);
      for (int round = 0; round < 10; round++) {
        for (Parallelism threads : shared) {
          StackRun.train(of, SequenceLayout.TIME_MAJOR, threads)
              .assertSameBits(run, of.where().with("threads", threads.threads()));
          StackRun.serve(of, SequenceLayout.TIME_MAJOR, threads)
              .assertSameBits(served, of.where().with("serving threads", threads.threads()));
        }
      }
    }
  }

  @Property(tries = TRIES)
  void stepsGiveTheBitsOfASequence(@ForAll("cases") StackCase any) {
    if (any.spec().directions() > 1) {
      return;
    }
    int[] full = new int[any.batch()];
    Arrays.fill(full, any.steps());
    StackCase of = new StackCase(any.spec(), any.steps(), full, any.seed());
    StackSpec spec = of.spec();
    Stack plan = Stack.of(PackedStack.pack(of.weights()));
    float[] x = of.x();
    float[] y = new float[of.steps() * of.batch() * spec.outputSize()];
    float[] h = of.h(0);
    float[] c = spec.hasCell() ? of.c(0) : new float[0];
    for (int t = 0; t < of.steps(); t++) {
      int from = t * of.batch() * spec.inputSize();
      int to = t * of.batch() * spec.outputSize();
      plan.step(of.batch(), x, from, y, to, h, 0, spec.hasCell() ? c : null, 0);
    }
    float[] none = {};
    new StackRun(y, h, c, none, none, none, null)
        .assertSameBits(StackRun.serve(of, SequenceLayout.TIME_MAJOR), of.where());
  }

  /** Gradients of weights add up over rows, as far as sums in another order can. */
  @Property(tries = TRIES)
  void gradientsAreSumsOverRows(@ForAll("cases") StackCase of) {
    StackRun run = StackRun.train(of, SequenceLayout.TIME_MAJOR);
    List<float[]> all = java.util.Objects.requireNonNull(run.gradients()).arrays();
    double[][] sums = new double[all.size()][];
    double[][] sizes = new double[all.size()][];
    for (int n = 0; n < of.batch(); n++) {
      StackRun alone = StackRun.train(of.row(n), SequenceLayout.TIME_MAJOR);
      List<float[]> mine = java.util.Objects.requireNonNull(alone.gradients()).arrays();
      for (int i = 0; i < sums.length; i++) {
        sums[i] = sums[i] == null ? new double[mine.get(i).length] : sums[i];
        sizes[i] = sizes[i] == null ? new double[mine.get(i).length] : sizes[i];
        for (int j = 0; j < sums[i].length; j++) {
          sums[i][j] += mine.get(i)[j];
          sizes[i][j] += Math.abs(mine.get(i)[j]);
        }
      }
    }
    for (int i = 0; i < sums.length && of.batch() > 0; i++) {
      // Terms may cancel within a row: the whole gradient's norm stands for them.
      double norm = Math.sqrt(Arrays.stream(sizes[i]).map(size -> size * size).sum());
      double bound = 1e-6 * Math.sqrt(1.0 + of.steps() * (double) of.batch()) * (norm + 1e-30);
      double[] bounds = new double[sums[i].length];
      Arrays.fill(bounds, bound);
      FloatAssert.assertWithin(
          all.get(i), 0, sums[i], bounds, bounds.length, of.where().with("gradient", i));
    }
  }
}

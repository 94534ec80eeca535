package dev.unroll.cell;

import static dev.unroll.cell.SequenceLayout.BATCH_MAJOR;
import static dev.unroll.cell.SequenceLayout.TIME_MAJOR;

import dev.unroll.internal.spi.KernelSet;
import dev.unroll.internal.spi.Kernels;
import dev.unroll.kernel.Bfloat16;
import dev.unroll.kernel.Parallelism;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/** The bits of cells, forward, serving and training. Every run is guarded, see {@link CellRun}. */
final class CellProperties {

  /** In each of four JVMs on every build. */
  private static final int TRIES = 30;

  private static List<Parallelism> shared = List.of();
  private static ExecutorService executor = Executors.newFixedThreadPool(2);

  @BeforeContainer
  static void startThreads() {
    shared =
        List.of(
            Parallelism.pool(2),
            Parallelism.pool(3),
            Parallelism.on(executor, 2),
            Parallelism.on(executor, 3));
  }

  @AfterContainer
  static void endThreads() {
    shared.forEach(Parallelism::close);
    executor.shutdown();
  }

  @Provide
  Arbitrary<CellCase> any() {
    return CellArbitraries.any();
  }

  /** Panels, chunks of time, tails and layouts leave no trace in the bits, in either twin. */
  @Property(tries = TRIES)
  void everyTwinGivesTheBitsOfThePlainChain(
      @ForAll("any") CellCase q, @ForAll SequenceLayout layout) {
    assertChain(q, layout);
  }

  @Example
  void everyDialectGivesTheBitsOfThePlainChain() {
    for (CellSpec spec : CellSpecs.all(3, 17, 9, 0.125f)) {
      assertChain(CellCase.of(spec, 3, 4), BATCH_MAJOR);
    }
  }

  /** More rows than any block of them. */
  @Example
  void aLargeBatchGivesTheBitsOfThePlainChain() {
    for (CellSpec spec : CellSpecs.few(2, 5, 3)) {
      assertChain(CellCase.of(spec, 2, 401), BATCH_MAJOR);
      assertChain(CellCase.of(spec, 2, 401), TIME_MAJOR);
    }
  }

  /** More steps than a chunk of time by far. */
  @Example
  void aLongSequenceGivesTheBitsOfThePlainChain() {
    for (CellSpec spec : CellSpecs.few(2, 9, 5)) {
      assertChain(CellCase.of(spec, 512, 2), BATCH_MAJOR);
      assertChain(CellCase.of(spec, 512, 1), TIME_MAJOR);
    }
  }

  /** Weights beyond an L2 cache have longer chunks of time: one and a part of the next. */
  @Example
  void aLargeCellGivesTheBitsOfThePlainChain() {
    assertChain(CellCase.of(CellSpec.elman(8, 520), 9, 33), BATCH_MAJOR);
  }

  /** Every mixture of panels, with one row and step, whose products take several at once. */
  @Example
  void everyNumberOfVectorsGivesTheBitsOfThePlainChain() {
    int lanes = Kernels.get().matmul().shape().lanes();
    for (int vectors = 1; vectors <= 12; vectors++) {
      for (CellSpec spec : CellSpecs.few(2, vectors * lanes - vectors % 2, vectors)) {
        assertChain(CellCase.of(spec, 1, 1), TIME_MAJOR);
      }
    }
  }

  static void assertChain(CellCase q, SequenceLayout layout) {
    CellRun chain = CellRun.chain(q);
    for (KernelSet twin : Twins.list()) {
      CellRun.forward(q, layout, twin, Parallelism.none())
          .assertSameBits(chain, q.where(twin).with("layout", layout));
    }
  }

  @Property(tries = TRIES / 2)
  void stepsGiveTheBitsOfASequence(@ForAll("any") CellCase q) {
    CellRun.steps(q, Cell.of(q.pack())).assertSameBits(CellRun.forward(q, TIME_MAJOR), q.where());
  }

  @Property(tries = TRIES)
  void aSequenceInTwoPiecesGivesTheSameBits(
      @ForAll("any") CellCase q,
      @ForAll SequenceLayout layout,
      @ForAll @IntRange(max = 40) int cut) {
    int first = Math.min(cut, q.steps());
    Cell plan = Cell.of(q.pack());
    float[] x = q.x();
    int split = first * q.batch() * q.inputs();
    CellRun one =
        CellRun.forward(
            q.sized(first, q.batch()),
            layout,
            plan::forward,
            Arrays.copyOf(x, split),
            q.h0(),
            q.c0(),
            q.where());
    CellRun two =
        CellRun.forward(
            q.sized(q.steps() - first, q.batch()),
            layout,
            plan::forward,
            Arrays.copyOfRange(x, split, x.length),
            one.h(),
            one.c(),
            q.where());
    float[] y = Arrays.copyOf(one.y(), one.y().length + two.y().length);
    System.arraycopy(two.y(), 0, y, one.y().length, two.y().length);
    new CellRun(y, two.h(), two.c())
        .assertSameBits(CellRun.forward(q, layout), q.where().with("first", first));
  }

  /** Alone, in another order or among others: a row gives the same bits. */
  @Property(tries = TRIES)
  void rowsKnowNothingOfEachOther(
      @ForAll("any") CellCase q, @ForAll SequenceLayout layout, @ForAll Random random) {
    CellRun batch = CellRun.forward(q, layout);
    Integer[] order = IntStream.range(0, q.batch()).boxed().toArray(Integer[]::new);
    Collections.shuffle(Arrays.asList(order), random);
    int[] shuffled = Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    assertRows(q, layout, batch, shuffled);
    if (q.batch() > 0) {
      assertRows(q, layout, batch, shuffled[0]);
      assertRows(q, layout, batch, Arrays.copyOf(shuffled, (q.batch() + 1) / 2));
    }
  }

  private static void assertRows(CellCase q, SequenceLayout layout, CellRun batch, int... rows) {
    boolean cells = q.spec().hasCell();
    Cell plan = Cell.of(q.pack());
    CellRun.forward(
            q.sized(q.steps(), rows.length),
            layout,
            plan::forward,
            CellRun.rows(q.x(), q.steps(), q.batch(), q.inputs(), rows),
            CellRun.rows(q.h0(), 1, q.batch(), q.outputs(), rows),
            cells ? CellRun.rows(q.c0(), 1, q.batch(), q.units(), rows) : q.c0(),
            q.where())
        .assertSameBits(
            batch.rows(q, rows),
            q.where().with("layout", layout).with("rows", Arrays.toString(rows)));
  }

  @Property(tries = TRIES)
  void threadsGiveTheBitsOfOne(@ForAll("any") CellCase q, @ForAll SequenceLayout layout) {
    KernelSet twin = Kernels.get();
    CellRun alone = CellRun.forward(q, layout);
    for (Parallelism threads : shared) {
      CellRun.forward(q, layout, twin, threads)
          .assertSameBits(alone, q.where().with("threads", threads.threads()));
      CellRun.steps(q, Cell.of(q.pack(), threads))
          .assertSameBits(alone, q.where().with("threads", threads.threads()).with("by", "step"));
    }
  }

  /** So much work that each product is worth splitting, also with fewer rows than threads. */
  @Tag("once")
  @Example
  void threadsShareTheUnitsOfFewRows() {
    for (CellSpec spec : CellSpecs.few(301, 307, 299)) {
      CellCase q = CellCase.of(spec, 3, 2);
      CellRun alone = CellRun.forward(q, TIME_MAJOR);
      for (Parallelism threads : shared) {
        CellRun.forward(q, TIME_MAJOR, Kernels.get(), threads)
            .assertSameBits(alone, q.where().with("threads", threads.threads()));
      }
    }
  }

  /**
   * Each thread takes its rows through all steps, in chunks of its own: here one thread after the
   * other, so that none could leave anything for a later step of another.
   */
  @Example
  void threadsThatNeverMeetGiveTheBitsOfOne() {
    for (CellCase q : CellCase.forThreads()) {
      for (SequenceLayout layout : SequenceLayout.values()) {
        CellRun alone = CellRun.forward(q, layout);
        for (int threads = 2; threads <= 4; threads++) {
          CellRun.forward(q, layout, Kernels.get(), Parallelism.on(task -> {}, threads))
              .assertSameBits(alone, q.where().with("threads", threads));
        }
      }
    }
  }

  /** What a plan has computed before, NaN included, never shows in what it computes next. */
  @Property(tries = TRIES)
  void aUsedPlanGivesTheBitsOfAFreshOne(
      @ForAll("any") CellCase q,
      @ForAll SequenceLayout layout,
      @ForAll @IntRange(max = 9) int steps,
      @ForAll @IntRange(max = 9) int batch) {
    Cell plan = Cell.of(q.pack());
    CellCase other = q.sized(steps, batch);
    CellRun.forward(
        other,
        layout,
        plan::forward,
        nan(other.x()),
        nan(other.h0()),
        nan(other.c0()),
        other.where());
    CellRun.forward(q, layout, plan).assertSameBits(CellRun.forward(q, layout), q.where());
  }

  static float[] nan(float[] values) {
    float[] all = values.clone();
    Arrays.fill(all, Float.NaN);
    return all;
  }

  @Property(tries = TRIES)
  void trainingGivesTheBitsOfServing(
      @ForAll("any") CellCase q,
      @ForAll SequenceLayout layout,
      @ForAll @IntRange(max = 7) int checkpoints) {
    CellTrainer trainer = CellTrainer.of(q.spec()).checkpointEvery(checkpoints);
    trainer.load(q.weights());
    CellRun.forward(q, layout, trainer::forward, q.x(), q.h0(), q.c0(), q.where())
        .assertSameBits(CellRun.forward(q, layout), q.where().with("checkpoints", checkpoints));
  }

  /** Stored as bfloat16, weights give the bits of those that are rounded beforehand. */
  @Property(tries = TRIES / 3)
  void halfWeightsGiveTheBitsOfRoundedOnes(
      @ForAll("any") CellCase q, @ForAll SequenceLayout layout) {
    WeightSet weights = q.weights();
    WeightSet rounded = q.weights();
    round(rounded.inputWeights());
    round(rounded.recurrentWeights());
    round(rounded.projection());
    CellRun expected = CellRun.forward(q, layout, Cell.of(PackedCell.pack(rounded)));
    for (KernelSet twin : Twins.list()) {
      PackedCell packed = PackedCell.pack(weights, WeightStorage.BFLOAT16, twin.matmul().shape());
      for (Parallelism threads : List.of(Parallelism.none(), shared.get(1))) {
        Cell plan = Cell.of(packed, threads, twin);
        CellRun.forward(q, layout, plan::forward, q.x(), q.h0(), q.c0(), q.where(twin))
            .assertSameBits(expected, q.where(twin).with("threads", threads.threads()));
        CellRun.steps(q, plan).assertSameBits(expected, q.where(twin).with("by", "step"));
      }
    }
  }

  private static void round(float @Nullable [] values) {
    for (int i = 0; values != null && i < values.length; i++) {
      values[i] = Bfloat16.round(values[i]);
    }
  }
}

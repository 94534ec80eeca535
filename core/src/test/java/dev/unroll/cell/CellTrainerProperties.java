package dev.unroll.cell;

import static dev.unroll.cell.SequenceLayout.BATCH_MAJOR;
import static dev.unroll.cell.SequenceLayout.TIME_MAJOR;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.cell.CellGradients.Way;
import dev.unroll.internal.spi.KernelSet;
import dev.unroll.internal.spi.Kernels;
import dev.unroll.kernel.Parallelism;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** The bits of gradients. Every run is guarded, see {@link CellGradients}. */
final class CellTrainerProperties {

  /** In each of four JVMs on every build. */
  private static final int TRIES = 20;

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

  @Provide
  Arbitrary<Way> ways() {
    Arbitrary<Boolean> flags = Arbitraries.of(true, false);
    return Combinators.combine(flags, flags, flags).as(Way::new);
  }

  @Property(tries = TRIES)
  void everyTwinGivesTheBitsOfThePlainChain(
      @ForAll("any") CellCase q, @ForAll SequenceLayout layout, @ForAll("ways") Way way) {
    assertChain(q, layout, way, 0);
  }

  @Property(tries = TRIES)
  void truncationGivesTheBitsOfThePlainChain(
      @ForAll("any") CellCase q,
      @ForAll SequenceLayout layout,
      @ForAll @IntRange(min = 1, max = 9) int window) {
    assertChain(q, layout, Way.PLAIN, window);
  }

  @Example
  void everyDialectGivesTheBitsOfThePlainChain() {
    for (CellSpec spec : CellSpecs.all(3, 17, 9, 0.125f)) {
      assertChain(CellCase.of(spec, 3, 4), BATCH_MAJOR, Way.PLAIN, 0);
      assertChain(CellCase.of(spec, 4, 2), TIME_MAJOR, new Way(true, true, true), 2);
    }
  }

  /** Whole vectors of units, between which nothing has to be moved. */
  @Example
  void wholeVectorsGiveTheBitsOfThePlainChain() {
    int lanes = Kernels.get().matmul().shape().lanes();
    for (CellSpec spec : CellSpecs.few(5, 2 * lanes, lanes)) {
      assertChain(CellCase.of(spec, 3, 3), TIME_MAJOR, Way.PLAIN, 0);
    }
  }

  /** More rows than a chunk of the way back. */
  @Example
  void aLargeBatchGivesTheBitsOfThePlainChain() {
    for (CellSpec spec : CellSpecs.few(2, 5, 3)) {
      assertChain(CellCase.of(spec, 2, 401), BATCH_MAJOR, Way.PLAIN, 0);
    }
  }

  /** More steps than a chunk of the way back. */
  @Example
  void aLongSequenceGivesTheBitsOfThePlainChain() {
    for (CellSpec spec : CellSpecs.few(2, 5, 3)) {
      assertChain(CellCase.of(spec, 512, 1), TIME_MAJOR, Way.PLAIN, 0);
      assertChain(CellCase.of(spec, 201, 2), BATCH_MAJOR, new Way(false, true, true), 100);
    }
  }

  static void assertChain(CellCase q, SequenceLayout layout, Way way, int window) {
    CellGradients plain = CellGradients.plain(q, way, window);
    CellRun forward = CellRun.trainingChain(q);
    for (KernelSet twin : Twins.list()) {
      Reproducer where = where(q, twin, layout, way).with("window", window);
      CellTrainer trainer = CellGradients.trainer(q, twin, Parallelism.none());
      trainer.truncateEvery(window);
      CellGradients.of(q, layout, trainer, way, forward, where).assertSameBits(plain, where);
    }
  }

  private static Reproducer where(CellCase q, KernelSet twin, SequenceLayout layout, Way way) {
    return q.where(twin).with("layout", layout).with("way", way);
  }

  private static CellGradients run(CellCase q, SequenceLayout layout, CellTrainer trainer) {
    return CellGradients.of(
        q, layout, trainer, Way.PLAIN, null, where(q, Kernels.get(), layout, Way.PLAIN));
  }

  private static CellGradients run(CellCase q, SequenceLayout layout) {
    return run(q, layout, CellGradients.trainer(q, Kernels.get(), Parallelism.none()));
  }

  @Property(tries = TRIES)
  void threadsGiveTheBitsOfOne(
      @ForAll("any") CellCase q, @ForAll SequenceLayout layout, @ForAll("ways") Way way) {
    KernelSet twin = Kernels.get();
    Reproducer where = where(q, twin, layout, way);
    CellTrainer alone = CellGradients.trainer(q, twin, Parallelism.none());
    CellGradients expected = CellGradients.of(q, layout, alone, way, null, where);
    for (Parallelism threads : shared) {
      CellTrainer trainer = CellGradients.trainer(q, twin, threads);
      CellGradients.of(q, layout, trainer, way, null, where)
          .assertSameBits(expected, where.with("threads", threads.threads()));
    }
  }

  /** So much work that each product is worth splitting, also with fewer rows than threads. */
  @Tag("once")
  @Example
  void threadsShareTheProductsOfLargeLayers() {
    for (CellSpec spec : CellSpecs.few(151, 307, 299)) {
      CellCase q = CellCase.of(spec, 3, 2);
      CellGradients alone = run(q, TIME_MAJOR);
      for (Parallelism threads : shared) {
        run(q, TIME_MAJOR, CellGradients.trainer(q, Kernels.get(), threads))
            .assertSameBits(alone, q.where().with("threads", threads.threads()));
      }
    }
  }

  /** A part is one thread's, however large its products: here each would be worth splitting. */
  @Tag("once")
  @Example
  void partsAreNotSplitAgain() {
    StackWalker stack = StackWalker.getInstance();
    AtomicInteger splits = new AtomicInteger();
    AtomicBoolean again = new AtomicBoolean();
    Executor nobody =
        task -> {
          splits.incrementAndGet();
          if (stack.walk(calls -> calls.anyMatch(CellTrainerProperties::isPart))) {
            again.set(true);
          }
        };
    for (CellSpec spec : CellSpecs.few(151, 307, 299)) {
      for (int batch : new int[] {15, 40}) {
        CellCase q = CellCase.of(spec, 3, batch);
        run(q, TIME_MAJOR, CellGradients.trainer(q, Kernels.get(), Parallelism.on(nobody, 2)));
        assertFalse(again.get(), () -> q.where() + " splits the part of a thread");
      }
    }
    assertTrue(splits.get() > 0);
  }

  private static boolean isPart(StackWalker.StackFrame call) {
    return call.getClassName().endsWith("Pass") && call.getMethodName().equals("walk");
  }

  /** One thread's part after the other's, each to the end of what it does alone. */
  @Example
  void threadsThatNeverMeetGiveTheBitsOfOne() {
    for (CellCase q : CellCase.forThreads()) {
      for (SequenceLayout layout : SequenceLayout.values()) {
        CellGradients alone = run(q, layout);
        for (int threads = 2; threads <= 4; threads++) {
          Parallelism apart = Parallelism.on(task -> {}, threads);
          run(q, layout, CellGradients.trainer(q, Kernels.get(), apart))
              .assertSameBits(alone, q.where().with("threads", threads));
        }
      }
    }
  }

  /** Computed again, the steps between checkpoints give the gradients of those that were kept. */
  @Property(tries = TRIES)
  void checkpointsChangeNoBit(
      @ForAll("any") CellCase q,
      @ForAll SequenceLayout layout,
      @ForAll @IntRange(max = 9) int window) {
    CellTrainer plain = CellGradients.trainer(q, Kernels.get(), Parallelism.none());
    CellGradients expected = run(q, layout, plain.truncateEvery(window));
    CellTrainer trainer = CellGradients.trainer(q, Kernels.get(), Parallelism.none());
    trainer.truncateEvery(window);
    for (int every = 1; every <= q.steps() + 1; every += 1 + every / 4) {
      run(q, layout, trainer.checkpointEvery(every))
          .assertSameBits(expected, q.where().with("checkpoints", every).with("window", window));
    }
    run(q, layout, trainer.checkpointBySquareRoot())
        .assertSameBits(expected, q.where().with("checkpoints", "sqrt").with("window", window));
  }

  @Tag("once")
  @Example
  void checkpointsOfALongSequenceChangeNoBit() {
    for (CellSpec spec : CellSpecs.few(3, 9, 5)) {
      CellCase q = CellCase.of(spec, 512, 2);
      CellGradients expected = run(q, BATCH_MAJOR);
      CellTrainer trainer = CellGradients.trainer(q, Kernels.get(), Parallelism.pool(2));
      for (int every : new int[] {1, 100, 511, 512}) {
        run(q, BATCH_MAJOR, trainer.checkpointEvery(every))
            .assertSameBits(expected, q.where().with("checkpoints", every));
      }
      run(q, BATCH_MAJOR, trainer.checkpointBySquareRoot()).assertSameBits(expected, q.where());
    }
  }

  /** A window that holds all steps cuts nothing. */
  @Tag("once")
  @Property(tries = TRIES)
  void aWindowOfAllStepsIsTheWholeWayBack(
      @ForAll("any") CellCase q,
      @ForAll SequenceLayout layout,
      @ForAll @IntRange(max = 3) int more) {
    CellTrainer trainer = CellGradients.trainer(q, Kernels.get(), Parallelism.none());
    trainer.truncateEvery(Math.max(1, q.steps() + more));
    run(q, layout, trainer).assertSameBits(run(q, layout), q.where());
  }

  /** Windows are sequences of their own: from the state that the one before has left. */
  @Tag("once")
  @Property(tries = TRIES)
  void aCutIsTheEndOfASequence(
      @ForAll("any") CellCase q, @ForAll @IntRange(min = 1, max = 9) int window) {
    int steps = q.steps() / window * window;
    CellCase whole = q.sized(steps, q.batch());
    CellTrainer trainer = CellGradients.trainer(whole, Kernels.get(), Parallelism.none());
    CellGradients expected = run(whole, TIME_MAJOR, trainer.truncateEvery(window));
    CellTrainer piece = CellGradients.trainer(whole, Kernels.get(), Parallelism.none());
    WeightSet gradients = WeightSet.zeros(q.spec());
    float[] dx = new float[expected.dx().length];
    float[] dh = whole.dh();
    float[] dc = whole.dc();
    for (int t = steps - window; t >= 0; t -= window) {
      backward(whole, piece, t, window, dx, dh, dc, gradients);
      if (t > 0) {
        Arrays.fill(dh, 0f);
        Arrays.fill(dc, 0f);
      }
    }
    new CellGradients(dx, dh, dc, gradients)
        .assertSameBits(expected, q.where().with("window", window));
  }

  /** The steps [t, t + count) of a sequence alone, gradients added to. */
  private static void backward(
      CellCase q,
      CellTrainer trainer,
      int t,
      int count,
      float[] dx,
      float[] dh,
      float[] dc,
      WeightSet gradients) {
    boolean cells = q.spec().hasCell();
    CellRun before =
        CellRun.forward(
            q.sized(t, q.batch()),
            TIME_MAJOR,
            Cell.of(q.pack())::forward,
            Arrays.copyOf(q.x(), t * q.batch() * q.inputs()),
            q.h0(),
            q.c0(),
            q.where());
    int x0 = t * q.batch() * q.inputs();
    int y0 = t * q.batch() * q.outputs();
    float[] y = new float[q.rows() * q.outputs()];
    float[] x = q.x();
    trainer.forward(
        TIME_MAJOR, count, q.batch(), x, x0, y, y0, before.h(), 0, cells ? before.c() : null, 0);
    trainer.backward(x, x0, q.dy(), y0, dh, 0, cells ? dc : null, 0, dx, x0, gradients, true);
  }

  /** What has been computed before, NaN included, leaves no trace. */
  @Property(tries = TRIES)
  void aUsedTrainerGivesTheBitsOfAFreshOne(
      @ForAll("any") CellCase q,
      @ForAll SequenceLayout layout,
      @ForAll @IntRange(max = 9) int steps,
      @ForAll @IntRange(max = 9) int batch) {
    CellTrainer trainer = CellTrainer.of(q.spec());
    CellCase other = q.sized(steps, batch);
    WeightSet poison = WeightSet.zeros(q.spec());
    poison.arrays().forEach(array -> Arrays.fill(array, Float.NaN));
    trainer.load(poison);
    run(other, layout, trainer.checkpointEvery(2));
    trainer.load(q.weights());
    CellRun.forward(
        other,
        layout,
        trainer::forward,
        CellProperties.nan(other.x()),
        CellProperties.nan(other.h0()),
        CellProperties.nan(other.c0()),
        q.where());
    run(q, layout, trainer.checkpointEvery(0)).assertSameBits(run(q, layout), q.where());
  }

  /** Rows share weights only: dx, dh and dc of one do not know of the others. */
  @Property(tries = TRIES)
  void rowsKnowNothingOfEachOther(
      @ForAll("any") CellCase q, @ForAll @IntRange(max = 70) int which) {
    if (q.batch() == 0) {
      return;
    }
    int row = which % q.batch();
    CellGradients batch = run(q, TIME_MAJOR);
    boolean cells = q.spec().hasCell();
    float[] y = new float[q.steps() * q.outputs()];
    float[] x = CellRun.rows(q.x(), q.steps(), q.batch(), q.inputs(), row);
    float[] dx = new float[x.length];
    float[] dh = CellRun.rows(q.dh(), 1, q.batch(), q.outputs(), row);
    float[] dc = cells ? CellRun.rows(q.dc(), 1, q.batch(), q.units(), row) : q.dc();
    float[] dy = CellRun.rows(q.dy(), q.steps(), q.batch(), q.outputs(), row);
    CellTrainer trainer = CellGradients.trainer(q, Kernels.get(), Parallelism.none());
    trainer.forward(
        TIME_MAJOR,
        q.steps(),
        1,
        x,
        y,
        CellRun.rows(q.h0(), 1, q.batch(), q.outputs(), row),
        cells ? CellRun.rows(q.c0(), 1, q.batch(), q.units(), row) : null);
    WeightSet gradients = WeightSet.zeros(q.spec());
    trainer.backward(x, 0, dy, 0, dh, 0, cells ? dc : null, 0, dx, 0, gradients, false);
    Reproducer where = q.where().with("row", row);
    CellRun.assertSameBits(
        "dx", dx, CellRun.rows(batch.dx(), q.steps(), q.batch(), q.inputs(), row), where);
    CellRun.assertSameBits(
        "dh", dh, CellRun.rows(batch.dh(), 1, q.batch(), q.outputs(), row), where);
    if (cells) {
      CellRun.assertSameBits(
          "dc", dc, CellRun.rows(batch.dc(), 1, q.batch(), q.units(), row), where);
    }
  }
}

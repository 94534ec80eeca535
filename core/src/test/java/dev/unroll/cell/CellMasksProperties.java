package dev.unroll.cell;

import static dev.unroll.cell.SequenceLayout.BATCH_MAJOR;
import static dev.unroll.cell.SequenceLayout.TIME_MAJOR;

import dev.unroll.cell.CellGradients.Way;
import dev.unroll.internal.spi.KernelSet;
import dev.unroll.internal.spi.Kernels;
import dev.unroll.kernel.Parallelism;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/** The bits of cells with zoneout and variational dropout. Every run is guarded. */
final class CellMasksProperties {

  /** In each of four JVMs on every build. */
  private static final int TRIES = 20;

  private static List<Parallelism> shared = List.of();

  @BeforeContainer
  static void startThreads() {
    shared = List.of(Parallelism.pool(2), Parallelism.pool(3));
  }

  @AfterContainer
  static void endThreads() {
    shared.forEach(Parallelism::close);
  }

  @Provide
  Arbitrary<CellCase> any() {
    return CellArbitraries.any().map(CellCase::stochastic);
  }

  @Provide
  Arbitrary<Way> ways() {
    Arbitrary<Boolean> flags = Arbitraries.of(true, false);
    return Combinators.combine(flags, flags, flags).as(Way::new);
  }

  /** The expectation, in either twin. */
  @Property(tries = TRIES)
  void servingGivesTheBitsOfThePlainChain(
      @ForAll("any") CellCase q, @ForAll SequenceLayout layout) {
    CellProperties.assertChain(q, layout);
  }

  @Property(tries = TRIES)
  void stepsGiveTheBitsOfASequence(@ForAll("any") CellCase q) {
    CellRun.steps(q, Cell.of(q.pack())).assertSameBits(CellRun.forward(q, TIME_MAJOR), q.where());
  }

  @Property(tries = TRIES)
  void trainingGivesTheBitsOfThePlainChain(
      @ForAll("any") CellCase q,
      @ForAll SequenceLayout layout,
      @ForAll("ways") Way way,
      @ForAll @IntRange(max = 5) int window) {
    CellTrainerProperties.assertChain(q, layout, way, window);
  }

  @Example
  void everyDialectGivesTheBitsOfThePlainChain() {
    for (CellSpec spec : CellSpecs.stochastic(3, 17, 37)) {
      CellCase q = CellCase.of(spec, 4, 5);
      CellProperties.assertChain(q, BATCH_MAJOR);
      CellTrainerProperties.assertChain(q, TIME_MAJOR, Way.PLAIN, 0);
    }
  }

  /** More rows, and more steps, than a chunk of either way. */
  @Example
  void largeBatchesAndLongSequencesGiveTheBitsOfThePlainChain() {
    for (CellSpec spec : CellSpecs.stochastic(2, 5, 3)) {
      CellProperties.assertChain(CellCase.of(spec, 2, 401), BATCH_MAJOR);
      CellTrainerProperties.assertChain(CellCase.of(spec, 2, 401), BATCH_MAJOR, Way.PLAIN, 0);
      CellTrainerProperties.assertChain(CellCase.of(spec, 202, 2), TIME_MAJOR, Way.PLAIN, 100);
    }
  }

  private static CellGradients run(CellCase q, SequenceLayout layout, CellTrainer trainer) {
    return CellGradients.of(q, layout, trainer, Way.PLAIN, null, q.where());
  }

  private static CellTrainer trainer(CellCase q) {
    return CellGradients.trainer(q, Kernels.get(), Parallelism.none());
  }

  @Property(tries = TRIES)
  void threadsGiveTheBitsOfOne(@ForAll("any") CellCase q, @ForAll SequenceLayout layout) {
    KernelSet twin = Kernels.get();
    CellGradients gradients = run(q, layout, trainer(q));
    CellRun serving = CellRun.forward(q, layout);
    for (Parallelism threads : shared) {
      Reproducer where = q.where().with("threads", threads.threads());
      run(q, layout, CellGradients.trainer(q, twin, threads)).assertSameBits(gradients, where);
      CellRun.forward(q, layout, twin, threads).assertSameBits(serving, where);
    }
  }

  /** What is computed again has the masks that it had. */
  @Property(tries = TRIES)
  void checkpointsChangeNoBit(
      @ForAll("any") CellCase q,
      @ForAll SequenceLayout layout,
      @ForAll @IntRange(max = 9) int window) {
    CellGradients expected = run(q, layout, trainer(q).truncateEvery(window));
    CellTrainer trainer = trainer(q).truncateEvery(window);
    for (int every = 1; every <= q.steps() + 1; every += 1 + every / 4) {
      run(q, layout, trainer.checkpointEvery(every))
          .assertSameBits(expected, q.where().with("checkpoints", every).with("window", window));
    }
  }

  /** One seed gives the same bits again, also from a trainer that has seen another. */
  @Property(tries = TRIES)
  void aSeedGivesTheSameMasksAgain(@ForAll("any") CellCase q, @ForAll long seed) {
    CellGradients expected = run(q, TIME_MAJOR, trainer(q).masks(seed, 0, 0));
    CellTrainer used = trainer(q).masks(seed + 1, 3, 4);
    run(q, TIME_MAJOR, used);
    run(q, TIME_MAJOR, used.masks(seed, 0, 0)).assertSameBits(expected, q.where());
  }

  /**
   * Ragged rows in either direction, each alone: told which it is, a row has the masks, and so the
   * bits, that it has among others, over any threads and checkpoints.
   */
  @Property(tries = TRIES)
  void rowsKnowNothingOfEachOther(
      @ForAll("any") CellCase q,
      @ForAll Direction direction,
      @ForAll long seed,
      @ForAll @IntRange(max = 3) int every) {
    int[] lengths = new int[q.batch()];
    for (int n = 0; n < lengths.length; n++) {
      lengths[n] = (int) Math.floorMod(seed + 7L * n * n, q.steps() + 1L);
    }
    CellTrainer trainer =
        CellGradients.trainer(q, Kernels.get(), shared.getFirst()).checkpointEvery(every);
    Ragged batch = Ragged.run(q, trainer.masks(seed, 0, 0), direction, lengths, 0);
    for (int n = 0; n < lengths.length; n += 1 + n / 4) {
      CellTrainer own = trainer(q).masks(seed, n, 0);
      Ragged alone = Ragged.run(q, own, direction, new int[] {lengths[n]}, n);
      batch.row(q, n).assertSameBits(alone, q.where().with("row", n).with("direction", direction));
    }
  }

  /** What a ragged call gave, time-major. */
  private record Ragged(float[] y, float[] h, float[] c, float[] dx, float[] dh, float[] dc) {

    /** The rows from {@code first} on. */
    static Ragged run(
        CellCase q, CellTrainer trainer, Direction direction, int[] lengths, int first) {
      int rows = lengths.length;
      int[] some = new int[rows];
      Arrays.setAll(some, i -> first + i);
      CellSpec spec = q.spec();
      int steps = q.steps();
      float[] x = CellRun.rows(q.x(), steps, q.batch(), q.inputs(), some);
      float[] dy = CellRun.rows(q.dy(), steps, q.batch(), q.outputs(), some);
      float[] y = new float[dy.length];
      float[] dx = new float[x.length];
      float[] h = CellRun.rows(q.h0(), 1, q.batch(), q.outputs(), some);
      float[] dh = CellRun.rows(q.dh(), 1, q.batch(), q.outputs(), some);
      boolean cells = spec.hasCell();
      float[] c = cells ? CellRun.rows(q.c0(), 1, q.batch(), q.units(), some) : q.c0();
      float[] dc = cells ? CellRun.rows(q.dc(), 1, q.batch(), q.units(), some) : q.dc();
      float @Nullable [] cs = cells ? c : null;
      float @Nullable [] dcs = cells ? dc : null;
      trainer.forward(
          steps,
          rows,
          lengths,
          direction,
          in(steps, rows, q.inputs(), x),
          in(steps, rows, q.outputs(), y),
          h,
          0,
          cs,
          0);
      trainer.backward(
          in(steps, rows, q.inputs(), x),
          in(steps, rows, q.outputs(), dy),
          dh,
          0,
          dcs,
          0,
          in(steps, rows, q.inputs(), dx),
          WeightSet.zeros(spec),
          false);
      return new Ragged(y, h, c, dx, dh, dc);
    }

    private static Sequence in(int steps, int rows, int width, float[] values) {
      return new Sequence().strided(TIME_MAJOR, steps, rows, width, values, 0, width);
    }

    Ragged row(CellCase q, int n) {
      boolean cells = q.spec().hasCell();
      return new Ragged(
          CellRun.rows(y, q.steps(), q.batch(), q.outputs(), n),
          CellRun.rows(h, 1, q.batch(), q.outputs(), n),
          cells ? CellRun.rows(c, 1, q.batch(), q.units(), n) : c,
          CellRun.rows(dx, q.steps(), q.batch(), q.inputs(), n),
          CellRun.rows(dh, 1, q.batch(), q.outputs(), n),
          cells ? CellRun.rows(dc, 1, q.batch(), q.units(), n) : dc);
    }

    void assertSameBits(Ragged alone, Reproducer where) {
      CellRun.assertSameBits("y", y, alone.y, where);
      CellRun.assertSameBits("h", h, alone.h, where);
      CellRun.assertSameBits("c", c, alone.c, where);
      CellRun.assertSameBits("dx", dx, alone.dx, where);
      CellRun.assertSameBits("dh", dh, alone.dh, where);
      CellRun.assertSameBits("dc", dc, alone.dc, where);
    }
  }

  /**
   * Told where it begins in time, each piece of a sequence has the masks of the whole, also in
   * reverse, where the last piece comes first.
   */
  @Property(tries = TRIES)
  void aSequenceInTwoPiecesHasTheMasksOfTheWhole(
      @ForAll("any") CellCase q,
      @ForAll Direction direction,
      @ForAll long seed,
      @ForAll @IntRange(max = 40) int where) {
    inTwoPieces(q, direction, seed, q.steps() == 0 ? 0 : where % q.steps());
  }

  /** Not left to chance: in reverse, time is not the order of the steps. */
  @Example
  void everyDialectHasTheMasksOfTheWholeInTwoPieces() {
    for (CellSpec spec : CellSpecs.stochastic(3, 17, 5)) {
      for (Direction direction : Direction.values()) {
        inTwoPieces(CellCase.of(spec, 5, 3), direction, 1, 2);
      }
    }
  }

  private static void inTwoPieces(CellCase q, Direction direction, long seed, int cut) {
    int steps = q.steps();
    CellTrainer trainer = trainer(q);
    CellRun whole = piece(q, trainer.masks(seed, 0, 0), direction, 0, steps, q.h0(), q.c0());
    boolean reverse = direction == Direction.REVERSE;
    int first = reverse ? cut : 0;
    int second = reverse ? 0 : cut;
    int firstEnd = reverse ? steps : cut;
    int secondEnd = reverse ? cut : steps;
    CellRun one =
        piece(q, trainer.masks(seed, 0, first), direction, first, firstEnd, q.h0(), q.c0());
    CellRun two =
        piece(q, trainer.masks(seed, 0, second), direction, second, secondEnd, one.h(), one.c());
    float[] y = new float[whole.y().length];
    int step = q.batch() * q.outputs();
    System.arraycopy(one.y(), 0, y, first * step, one.y().length);
    System.arraycopy(two.y(), 0, y, second * step, two.y().length);
    new CellRun(y, two.h(), two.c())
        .assertSameBits(whole, q.where().with("cut", cut).with("direction", direction));
  }

  /** The steps [from, to) of a sequence. */
  private static CellRun piece(
      CellCase q,
      CellTrainer trainer,
      Direction direction,
      int from,
      int to,
      float[] h0,
      float[] c0) {
    int rows = q.batch();
    int steps = to - from;
    float[] x = q.x();
    float[] y = new float[steps * rows * q.outputs()];
    float[] h = h0.clone();
    float[] c = c0.clone();
    trainer.forward(
        steps,
        rows,
        null,
        direction,
        new Sequence()
            .strided(TIME_MAJOR, steps, rows, q.inputs(), x, from * rows * q.inputs(), q.inputs()),
        new Sequence().strided(TIME_MAJOR, steps, rows, q.outputs(), y, 0, q.outputs()),
        h,
        0,
        q.spec().hasCell() ? c : null,
        0);
    return new CellRun(y, h, c);
  }
}

package dev.unroll.cell;

import static dev.unroll.cell.SequenceLayout.TIME_MAJOR;

import dev.unroll.internal.spi.KernelSet;
import dev.unroll.internal.spi.Kernels;
import dev.unroll.kernel.Activations;
import dev.unroll.kernel.Parallelism;
import dev.unroll.testing.data.Fill;
import dev.unroll.testing.reference.CellInputs;
import dev.unroll.testing.reference.CellOutputs;
import dev.unroll.testing.reference.CellWeights;
import dev.unroll.testing.reference.Plain;
import dev.unroll.testing.tolerance.Bounded;
import dev.unroll.testing.tolerance.ErrorModel;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
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
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** The laws of an LSTM: bits first, then accuracy. Every run is guarded, see {@link LstmRun}. */
final class LstmProperties {

  /** In each of four JVMs on every build. */
  private static final int TRIES = 100;

  private static final ErrorModel MODEL =
      ErrorModel.ofFloat(Activations.SIGMOID_ULP, Activations.TANH_ULP);

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
  Arbitrary<LstmSpec> any() {
    return LstmArbitraries.any();
  }

  @Provide
  Arbitrary<LstmSpec> bounded() {
    return LstmArbitraries.bounded();
  }

  /** Panels, chunks of time, tails and layouts leave no trace in the bits, in either twin. */
  @Property(tries = TRIES)
  void everyTwinGivesTheBitsOfThePlainChain(
      @ForAll("any") LstmSpec spec, @ForAll SequenceLayout layout) {
    assertChain(spec, layout);
  }

  /** More rows than walk through time together. */
  @Example
  void aLargeBatchGivesTheBitsOfThePlainChain() {
    assertChain(LstmSpec.of(3, 5, 3, 600), SequenceLayout.BATCH_MAJOR);
    assertChain(LstmSpec.of(3, 5, 3, 600), SequenceLayout.TIME_MAJOR);
  }

  /** More steps than a chunk of time by far. */
  @Example
  void aLongSequenceGivesTheBitsOfThePlainChain() {
    assertChain(LstmSpec.of(7, 17, 512, 2), SequenceLayout.BATCH_MAJOR);
    assertChain(LstmSpec.of(7, 17, 512, 2), SequenceLayout.TIME_MAJOR);
  }

  /** Every mixture of panels, with one row and step, whose products take several at once. */
  @Example
  void everyNumberOfVectorsGivesTheBitsOfThePlainChain() {
    int lanes = Kernels.get().matmul().shape().lanes();
    for (int vectors = 1; vectors <= 18; vectors++) {
      assertChain(LstmSpec.of(2, vectors * lanes - vectors % 2, 1, 1), TIME_MAJOR);
    }
  }

  private static void assertChain(LstmSpec spec, SequenceLayout layout) {
    LstmRun chain = LstmRun.chain(spec);
    for (KernelSet twin : Twins.list()) {
      LstmRun.forward(spec, layout, twin, Parallelism.none())
          .assertSameBits(chain, spec.reproducer(twin).with("layout", layout));
    }
  }

  @Property(tries = TRIES)
  void stepsGiveTheBitsOfASequence(@ForAll("any") LstmSpec spec) {
    KernelSet twin = Kernels.get();
    LstmRun.steps(spec, Lstm.of(spec.pack()), twin)
        .assertSameBits(LstmRun.forward(spec, TIME_MAJOR), spec.reproducer(twin));
  }

  @Property(tries = TRIES)
  void aSequenceInTwoPiecesGivesTheSameBits(
      @ForAll("any") LstmSpec spec,
      @ForAll SequenceLayout layout,
      @ForAll @IntRange(max = 40) int cut) {
    int first = Math.min(cut, spec.steps());
    int rest = spec.steps() - first;
    int batch = spec.batch();
    KernelSet twin = Kernels.get();
    Lstm plan = Lstm.of(spec.pack());
    float[] x = spec.x();
    int split = first * batch * spec.inputs();
    LstmRun one =
        LstmRun.forward(
            spec.sized(first, batch),
            layout,
            plan,
            Arrays.copyOf(x, split),
            spec.h0(),
            spec.c0(),
            twin);
    LstmRun two =
        LstmRun.forward(
            spec.sized(rest, batch),
            layout,
            plan,
            Arrays.copyOfRange(x, split, x.length),
            one.h(),
            one.c(),
            twin);
    float[] y = Arrays.copyOf(one.y(), one.y().length + two.y().length);
    System.arraycopy(two.y(), 0, y, one.y().length, two.y().length);
    new LstmRun(y, two.h(), two.c())
        .assertSameBits(LstmRun.forward(spec, layout), spec.reproducer(twin).with("first", first));
  }

  /** Alone, in another order or among others: a row gives the same bits. */
  @Property(tries = TRIES)
  void rowsKnowNothingOfEachOther(
      @ForAll("any") LstmSpec spec, @ForAll SequenceLayout layout, @ForAll Random random) {
    LstmRun batch = LstmRun.forward(spec, layout);
    Integer[] order = IntStream.range(0, spec.batch()).boxed().toArray(Integer[]::new);
    Collections.shuffle(Arrays.asList(order), random);
    int[] shuffled = Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    assertRows(spec, layout, batch, shuffled);
    if (spec.batch() > 0) {
      assertRows(spec, layout, batch, shuffled[0]);
      assertRows(spec, layout, batch, Arrays.copyOf(shuffled, (spec.batch() + 1) / 2));
    }
  }

  private static void assertRows(LstmSpec spec, SequenceLayout layout, LstmRun batch, int... rows) {
    KernelSet twin = Kernels.get();
    LstmRun.forward(
            spec.sized(spec.steps(), rows.length),
            layout,
            Lstm.of(spec.pack()),
            LstmRun.rows(spec.x(), spec.steps(), spec.batch(), spec.inputs(), rows),
            LstmRun.rows(spec.h0(), 1, spec.batch(), spec.units(), rows),
            LstmRun.rows(spec.c0(), 1, spec.batch(), spec.units(), rows),
            twin)
        .assertSameBits(
            batch.rows(spec, rows),
            spec.reproducer(twin).with("layout", layout).with("rows", Arrays.toString(rows)));
  }

  @Property(tries = TRIES)
  void threadsGiveTheBitsOfOne(@ForAll("any") LstmSpec spec, @ForAll SequenceLayout layout) {
    KernelSet twin = Kernels.get();
    LstmRun alone = LstmRun.forward(spec, layout);
    for (Parallelism threads : shared) {
      Reproducer where = spec.reproducer(twin).with("threads", threads.threads());
      LstmRun.forward(spec, layout, twin, threads).assertSameBits(alone, where);
      Lstm plan = Lstm.of(spec.pack(), threads);
      LstmRun.steps(spec, plan, twin).assertSameBits(alone, where.with("by", "step"));
    }
  }

  /** What a plan has computed before, NaN included, never shows in what it computes next. */
  @Property(tries = TRIES)
  void aUsedPlanGivesTheBitsOfAFreshOne(
      @ForAll("any") LstmSpec spec,
      @ForAll SequenceLayout layout,
      @ForAll @IntRange(max = 9) int steps,
      @ForAll @IntRange(max = 9) int batch) {
    KernelSet twin = Kernels.get();
    Lstm plan = Lstm.of(spec.pack());
    LstmSpec other = spec.sized(steps, batch);
    float[] nan = new float[(steps * spec.inputs() + spec.units()) * batch];
    Arrays.fill(nan, Float.NaN);
    float[] state = Arrays.copyOf(nan, batch * spec.units());
    LstmRun.forward(
        other, layout, plan, Arrays.copyOf(nan, steps * batch * spec.inputs()), state, state, twin);
    LstmRun.forward(spec, layout, plan, spec.x(), spec.h0(), spec.c0(), twin)
        .assertSameBits(LstmRun.forward(spec, layout), spec.reproducer(twin));
  }

  /** Whole sequences within the bound that grows with time. */
  @Property(tries = TRIES)
  void sequencesStayWithinTheBound(@ForAll("bounded") LstmSpec spec) {
    LstmRun got = LstmRun.forward(spec, TIME_MAJOR);
    CellOutputs<Bounded> exact =
        spec.reference()
            .forward(MODEL, spec.referenceWeights().to(MODEL), spec.referenceInputs().to(MODEL));
    Reproducer where = spec.reproducer(Kernels.get());
    FloatAssert.assertWithin(got.y(), 0, exact.y(), where.with("array", "y"));
    FloatAssert.assertWithin(got.h(), 0, exact.hn(), where.with("array", "h"));
    FloatAssert.assertWithin(got.c(), 0, exact.cn(), where.with("array", "c"));
  }

  /** Each step on its own, from where the float cell is: the bound keeps its teeth. */
  @Property(tries = TRIES)
  void eachStepStaysWithinTheBound(@ForAll("bounded") LstmSpec spec, @ForAll Scale scale) {
    assertSteps(scale.of(spec));
  }

  @Example
  void eachStepOfALongSequenceStaysWithinTheBound() {
    assertSteps(LstmSpec.of(7, 17, 512, 2));
  }

  /** What weights and data are made of. */
  enum Scale {
    START,
    SMALL_INTEGERS,
    MODERATE,
    SUBNORMALS;

    LstmSpec of(LstmSpec spec) {
      if (this == START) {
        return spec;
      }
      Fill fill = Fill.valueOf(name());
      return spec.with(fill, fill);
    }
  }

  private static void assertSteps(LstmSpec spec) {
    LstmSpec step = spec.sized(1, spec.batch());
    CellWeights<Bounded> weights = spec.referenceWeights().to(MODEL);
    Lstm plan = Lstm.of(spec.pack());
    int length = spec.batch() * spec.inputs();
    float[] x = spec.x();
    float[] h = spec.h0();
    float[] c = spec.c0();
    for (int t = 0; t < spec.steps(); t++) {
      int from = t * length;
      CellInputs<Plain> in = step.referenceInputs(Arrays.copyOfRange(x, from, from + length), h, c);
      CellOutputs<Bounded> exact = spec.reference().forward(MODEL, weights, in.to(MODEL));
      plan.step(spec.batch(), x, from, h, 0, c, 0);
      Reproducer where = spec.reproducer(Kernels.get()).with("step", t);
      FloatAssert.assertWithin(h, 0, exact.hn(), where.with("array", "h"));
      FloatAssert.assertWithin(c, 0, exact.cn(), where.with("array", "c"));
    }
  }
}

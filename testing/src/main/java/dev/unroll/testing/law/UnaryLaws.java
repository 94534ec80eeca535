package dev.unroll.testing.law;

import dev.unroll.testing.tolerance.Reproducer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The laws of an elementwise function of floats. What a kernel promises beyond them is said in a
 * chain of calls:
 *
 * <pre>{@code
 * UnaryLaws.ofInPlace("tanh", Kernels::tanh)
 *     .reference(StrictMath::tanh).maxUlp(1).odd().monotone().range(-1, 1)
 *     .checkAll();
 * }</pre>
 *
 * <p>Every kernel is held to: the same bits at every position, length and offset, vectors and tails
 * alike; in place as out of place; nothing written but the results, all of them; the input left
 * alone; the same bits from call to call. The form of the kernel decides which of these can be
 * asked.
 */
public final class UnaryLaws {

  /** A kernel over ranges, {@code y[yOffset + i] = f(x[xOffset + i])}; in place is allowed. */
  @FunctionalInterface
  public interface Ranges {
    /** Applies it. */
    void apply(float[] x, int xOffset, float[] y, int yOffset, int length);
  }

  /** A kernel over whole arrays of one length; in place is allowed. */
  @FunctionalInterface
  public interface Arrays {
    /** Applies it. */
    void apply(float[] x, float[] y);
  }

  /** A kernel that replaces the first {@code length} elements. */
  @FunctionalInterface
  public interface InPlace {
    /** Applies it. */
    void apply(float[] x, int length);
  }

  final String name;
  final UnaryCall call;
  Reproducer start;
  @Nullable DoubleUnaryOperator reference;
  double maxUlp = 0.5;
  boolean odd;
  boolean even;
  boolean monotone;
  boolean keepsNaN;
  int lanes = 16;
  int samples = 1 << 17;
  long seed;
  float[] thresholds = {};
  final List<ValueLaw> valueLaws = new ArrayList<>();
  private final List<Law> refusals = new ArrayList<>();

  /** A law that can be asked of any values. */
  record ValueLaw(String name, BiConsumer<UnaryChecks, float[]> check) {}

  private UnaryLaws(String name, UnaryCall call) {
    this.name = name;
    this.call = call;
    start = Reproducer.of(name);
  }

  /** The laws of a kernel over ranges. */
  public static UnaryLaws of(String name, Ranges kernel) {
    return new UnaryLaws(name, UnaryCall.ofRanges(kernel));
  }

  /** The laws of a kernel over whole arrays. */
  public static UnaryLaws ofArrays(String name, Arrays kernel) {
    return new UnaryLaws(name, UnaryCall.ofArrays(kernel));
  }

  /** The laws of a kernel that works in place. */
  public static UnaryLaws ofInPlace(String name, InPlace kernel) {
    return new UnaryLaws(name, UnaryCall.ofInPlace(kernel));
  }

  /**
   * The function in double precision: results are within {@link #maxUlp} of it, NaN and infinity
   * where it has them, and zeros have its sign.
   */
  public UnaryLaws reference(DoubleUnaryOperator exact) {
    reference = exact;
    return this;
  }

  /** The largest error; 0.5, correctly rounded, unless told otherwise. */
  public UnaryLaws maxUlp(double limit) {
    maxUlp = limit;
    return this;
  }

  /** {@code f(-x) = -f(x)} in bits. */
  public UnaryLaws odd() {
    odd = true;
    return this;
  }

  /** {@code f(-x) = f(x)} in bits. */
  public UnaryLaws even() {
    even = true;
    return this;
  }

  /** Never falls from one float to the next. */
  public UnaryLaws monotone() {
    monotone = true;
    return this;
  }

  /** Results of numbers lie in [{@code low}, {@code high}]. */
  public UnaryLaws range(float low, float high) {
    return range(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, low, high);
  }

  /** The same for arguments in [{@code from}, {@code to}] only. */
  public UnaryLaws range(float from, float to, float low, float high) {
    valueLaws.add(
        new ValueLaw(
            "results from " + low + " to " + high,
            (checks, values) -> checks.range(values, from, to, low, high)));
    return this;
  }

  /** {@code f(x) = y}, in bits; any NaN counts as NaN. */
  public UnaryLaws value(float x, float y) {
    valueLaws.add(new ValueLaw("f(" + x + ") = " + y, (checks, values) -> checks.value(x, y)));
    return this;
  }

  /** {@code y} for {@code from} and everything beyond it, infinity included; from has a sign. */
  public UnaryLaws saturates(float from, float y) {
    valueLaws.add(
        new ValueLaw(
            "saturates at " + y + " from " + from + " on",
            (checks, values) -> checks.saturates(values, from, y)));
    return this;
  }

  /** A NaN is handed on with its sign and payload. */
  public UnaryLaws keepsNaN() {
    keepsNaN = true;
    return this;
  }

  /** Gives the same bits as another implementation. */
  public UnaryLaws sameBitsAs(String other, Ranges twin) {
    UnaryCall second = UnaryCall.ofRanges(twin);
    valueLaws.add(
        new ValueLaw(
            "the bits of " + other, (checks, values) -> checks.twin(values, other, second)));
    return this;
  }

  /**
   * Refuses null arrays (NullPointerException), a negative length (IllegalArgumentException),
   * ranges that leave their array (IndexOutOfBoundsException) and ranges that overlap in part
   * (IllegalArgumentException): each names the argument, before anything is written. For kernels
   * over ranges.
   *
   * @throws IllegalStateException for other kernels
   */
  public UnaryLaws refuses(String x, String y, String length) {
    refusals.addAll(UnaryArguments.laws(name, call.ranges(), x, y, length));
    return this;
  }

  /** Values where the function changes its formula or saturates: their neighbours are tried. */
  public UnaryLaws thresholds(float... values) {
    thresholds = values.clone();
    return this;
  }

  /**
   * The most values that the kernel works on at once; 16, as in 512 bits, unless told otherwise.
   */
  public UnaryLaws lanes(int most) {
    lanes = most;
    return this;
  }

  /** How many floats are tried, spread evenly over all bit patterns; 2^17 unless told otherwise. */
  public UnaryLaws samples(int count) {
    samples = count;
    return this;
  }

  /** Other data; 0 unless told otherwise. */
  public UnaryLaws seed(long value) {
    seed = value;
    return this;
  }

  /** What failures say first, such as the twin and its width. */
  public UnaryLaws reproducer(Reproducer from) {
    start = from;
    return this;
  }

  /** All of them. */
  public Laws laws() {
    UnaryChecks checks = new UnaryChecks(this);
    List<Law> all = new ArrayList<>();
    all.add(new Law("the same bits at every position and length", checks::position));
    all.add(new Law("writes its results and nothing else", checks::canaries));
    all.add(new Law("the same bits from call to call", checks::again));
    if (call.outOfPlace()) {
      all.add(new Law("leaves its input alone", checks::input));
      all.add(new Law("the same bits in place", checks::inPlace));
    }
    if (call.hasRanges()) {
      all.add(new Law("ranges of one array, side by side", checks::sideBySide));
    }
    if (reference != null) {
      all.add(new Law("within " + maxUlp + " ULP", checks::accuracy));
      all.add(new Law("zeros have the right sign", checks::zeros));
    }
    if (keepsNaN) {
      all.add(new Law("NaNs are handed on as they are", checks::nans));
    }
    if (odd) {
      all.add(new Law("odd in bits", () -> checks.mirrored(true)));
    }
    if (even) {
      all.add(new Law("even in bits", () -> checks.mirrored(false)));
    }
    if (monotone) {
      all.add(new Law("monotone", checks::monotone));
    }
    for (ValueLaw law : valueLaws) {
      all.add(new Law(law.name, () -> checks.anywhere(values -> law.check.accept(checks, values))));
    }
    all.addAll(refusals);
    return new Laws(name, all);
  }

  /** Checks all of them; see {@link Laws#checkAll}. */
  public void checkAll() {
    laws().checkAll();
  }

  /**
   * Checks what can be asked of given values, lying at given offsets, as property testers supply
   * them: position, memory, in place, accuracy, symmetry, range, other implementations, and
   * monotony around the first value. Offsets are for kernels over ranges; others ignore them.
   */
  public void on(float[] x, int xOffset, int yOffset) {
    new UnaryChecks(this).on(x, xOffset, yOffset);
  }
}

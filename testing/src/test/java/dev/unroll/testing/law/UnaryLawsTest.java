package dev.unroll.testing.law;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.testing.Failures;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A right kernel keeps all laws, a wrong one breaks those that are about its fault. */
@SuppressWarnings("ReferenceEquality") // whether two arguments are one array is the question
class UnaryLawsTest {

  private static final String POSITION = "the same bits at every position and length";
  private static final String MEMORY = "writes its results and nothing else";
  private static final String AGAIN = "the same bits from call to call";
  private static final String INPUT = "leaves its input alone";
  private static final String IN_PLACE = "the same bits in place";
  private static final String ULP = "within 1.5 ULP";
  private static final String ZEROS = "zeros have the right sign";
  private static final String NANS = "NaNs are handed on as they are";
  private static final String ODD = "odd in bits";
  private static final String MONOTONE = "monotone";
  private static final String RANGE = "results from -1.0 to 1.0";
  private static final String VALUE = "f(1.0) = 0.5";
  private static final String END = "saturates at 1.0 from 3.4028235E38 on";
  private static final String TWIN = "the bits of the twin";

  /** x / (1 + |x|), with a NaN as it is; in float arithmetic it would not be monotone. */
  private static float softsign(float x) {
    return Float.isNaN(x) ? x : (float) exact(x);
  }

  private static double exact(double x) {
    return Double.isInfinite(x) ? Math.signum(x) : x / (1 + Math.abs(x));
  }

  private static void softsign(float[] x, int xOffset, float[] y, int yOffset, int length) {
    Objects.requireNonNull(x, "x");
    Objects.requireNonNull(y, "y");
    if (length < 0) {
      throw new IllegalArgumentException("length is negative: " + length);
    }
    if (xOffset < 0 || length > x.length - xOffset) {
      throw new IndexOutOfBoundsException("x ends before " + ((long) xOffset + length));
    }
    if (yOffset < 0 || length > y.length - yOffset) {
      throw new IndexOutOfBoundsException("y ends before " + ((long) yOffset + length));
    }
    if (x == y && xOffset != yOffset && Math.abs(xOffset - yOffset) < length) {
      throw new IllegalArgumentException("y overlaps x");
    }
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = softsign(x[xOffset + i]);
    }
  }

  private static UnaryLaws laws(UnaryLaws.Ranges kernel) {
    return UnaryLaws.of("softsign", kernel)
        .reference(UnaryLawsTest::exact)
        .maxUlp(1.5)
        .odd()
        .monotone()
        .keepsNaN()
        .range(-1, 1)
        .value(1, 0.5f)
        .saturates(Float.MAX_VALUE, 1)
        .thresholds(0x1p24f)
        .samples(1 << 14)
        .sameBitsAs("the twin", UnaryLawsTest::softsign);
  }

  @TestFactory
  Stream<DynamicTest> aRightKernelKeepsThemAll() {
    return laws(
            (x, xo, y, yo, n) -> {
              for (int i = 0; i < n; i++) {
                y[yo + i] = softsign(x[xo + i]);
              }
            })
        .laws()
        .stream()
        .map(law -> DynamicTest.dynamicTest(law.name(), law::mustHold));
  }

  /** What can be wrong with a kernel, and the laws that have to notice. */
  @SuppressWarnings("ImmutableEnumChecker") // a kernel with state is one of the faults
  enum Fault {
    TAIL(POSITION, ULP, TWIN) {
      @Override
      void apply(float[] x, int xo, float[] y, int yo, int n) {
        loop(x, xo, y, yo, n / 8 * 8);
        for (int i = n / 8 * 8; i < n; i++) {
          y[yo + i] = x[xo + i] / (1.001f + Math.abs(x[xo + i]));
        }
      }
    },
    ONE_TOO_MANY(MEMORY) {
      @Override
      void apply(float[] x, int xo, float[] y, int yo, int n) {
        loop(x, xo, y, yo, n);
        if (yo + n < y.length) {
          y[yo + n] = 0;
        }
      }
    },
    LAST_NOT_WRITTEN(POSITION, MEMORY) {
      @Override
      void apply(float[] x, int xo, float[] y, int yo, int n) {
        loop(x, xo, y, yo, n > 32 ? n - 1 : n);
      }
    },
    SCRATCH_IN_THE_INPUT(INPUT) {
      @Override
      void apply(float[] x, int xo, float[] y, int yo, int n) {
        loop(x, xo, y, yo, n);
        if (x != y && n > 0) {
          x[xo] = 0;
        }
      }
    },
    OVERLAPPING_LAST_VECTOR(IN_PLACE) {
      @Override
      void apply(float[] x, int xo, float[] y, int yo, int n) {
        loop(x, xo, y, yo, n / 8 * 8);
        int last = n < 8 ? n / 8 * 8 : n - 8;
        loop(x, xo + last, y, yo + last, n - last);
      }
    },
    STATE(AGAIN) {
      private int calls;

      @Override
      void apply(float[] x, int xo, float[] y, int yo, int n) {
        loop(x, xo, y, yo, n);
        if (n > 1000) {
          y[yo] += calls++;
        }
      }
    },
    INACCURATE(ULP, VALUE, TWIN) {
      @Override
      float of(float x) {
        return Math.abs(x) < 0.5f ? softsign(x) : Math.nextDown(Math.nextDown(softsign(x)));
      }
    },
    LOST_SIGN_OF_ZERO(ZEROS, ODD, TWIN) {
      @Override
      float of(float x) {
        return x == 0 ? 0 : softsign(x);
      }
    },
    NAN_BECOMES_ZERO(NANS, ULP, TWIN) {
      @Override
      float of(float x) {
        return Float.isNaN(x) ? 0 : softsign(x);
      }
    },
    NAN_LOSES_ITS_PAYLOAD(NANS) {
      @Override
      float of(float x) {
        return Float.isNaN(x) ? Float.NaN : softsign(x);
      }
    },
    FALLS_AT_A_THRESHOLD(MONOTONE) {
      @Override
      float of(float x) {
        return x == 0x1p24f ? Math.nextDown(softsign(x)) : softsign(x);
      }
    },
    BEYOND_ITS_RANGE(RANGE, END) {
      @Override
      float of(float x) {
        return x > 1e38f ? Math.nextUp(1f) : softsign(x);
      }
    };

    private final List<String> broken;

    Fault(String... broken) {
      this.broken = List.of(broken);
    }

    float of(float x) {
      return softsign(x);
    }

    void apply(float[] x, int xo, float[] y, int yo, int n) {
      loop(x, xo, y, yo, n);
    }

    final void loop(float[] x, int xo, float[] y, int yo, int n) {
      for (int i = 0; i < n; i++) {
        y[yo + i] = of(x[xo + i]);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFaultBreaksTheLawsThatAreAboutIt(Fault fault) {
    List<String> broken = laws(fault::apply).laws().broken();
    assertTrue(broken.containsAll(fault.broken), broken.toString());
  }

  @Test
  void evenFunctions() {
    UnaryLaws laws =
        UnaryLaws.ofArrays(
                "square",
                (x, y) -> {
                  for (int i = 0; i < x.length; i++) {
                    y[i] = x[i] * x[i];
                  }
                })
            .even()
            .reference(x -> x * x);
    laws.checkAll();
    assertEquals(List.of(ODD, MONOTONE), laws.odd().monotone().laws().broken());
  }

  @Test
  void kernelsThatWorkInPlaceAreWatchedBehindTheirLength() {
    UnaryLaws.ofInPlace(
            "negate",
            (x, n) -> {
              for (int i = 0; i < n; i++) {
                x[i] = -x[i];
              }
            })
        .reference(x -> -x)
        .odd()
        .checkAll();
    List<String> broken =
        UnaryLaws.ofInPlace(
                "negate",
                (x, n) -> {
                  for (int i = 0; i < n + 7 && i < x.length; i++) {
                    x[i] = -x[i];
                  }
                })
            .laws()
            .broken();
    assertEquals(List.of(MEMORY), broken);
  }

  @Test
  void anExceptionBreaksALaw() {
    List<String> broken = UnaryLaws.ofInPlace("throws", (x, n) -> x[n + 1000] = 0).laws().broken();
    assertTrue(broken.contains(POSITION));
  }

  @Test
  void givenValuesAreHeldToTheSameLaws() {
    float[] x = {1, -2, 0.5f, Float.NaN, -0.0f, Float.POSITIVE_INFINITY};
    laws(UnaryLawsTest::softsign).on(x, 3, 1);
    UnaryLaws wrong = laws(Fault.LOST_SIGN_OF_ZERO::apply);
    wrong.on(new float[] {1, 2}, 0, 0);
    assertTrue(
        Failures.messageOf(() -> wrong.on(x, 3, 1)).startsWith("x -0.0 gives 0.0, exactly -0.0"));
  }

  @Test
  void wrongArgumentsMustBeRefused() {
    laws(UnaryLawsTest::softsign).refuses("x", "y", "length").checkAll();
    List<String> broken = laws(Fault.TAIL::apply).refuses("x", "y", "length").laws().broken();
    assertTrue(broken.contains("IllegalArgumentException for length (4)"), broken.toString());
    assertThrows(
        IllegalStateException.class,
        () -> UnaryLaws.ofInPlace("f", (x, n) -> {}).refuses("x", "y", "n"));
  }

  @Test
  void theMessageNamesEachBrokenLawAndReproducesIt() {
    String message = Failures.messageOf(laws(Fault.TAIL::apply).seed(3)::checkAll);
    assertTrue(message.startsWith("softsign breaks "), message);
    assertTrue(message.contains(POSITION), message);
    assertTrue(message.contains("reproduce: softsign law=[position] seed=[3] n=[8]"), message);
  }
}

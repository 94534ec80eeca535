package dev.unroll.flow.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("once")
class TasksTest {

  @ParameterizedTest
  @CsvSource({"2, 10", "2, 57", "2, 200", "3, 10", "3, 100"})
  void temporalOrderPlacesItsEvents(int events, int length) {
    int[] starts = events == 2 ? new int[] {1, 5} : new int[] {1, 3, 6};
    SymbolBatch batch = new TemporalOrder(events, 1).next(length, 500);
    assertEquals(1 << events, batch.classes());
    Set<Integer> labels = new HashSet<>();
    for (int n = 0; n < 500; n++) {
      int event = 0;
      int label = 0;
      for (int t = 0; t < length; t++) {
        int symbol = batch.symbols()[t * 500 + n];
        assertTrue(symbol >= 0 && symbol < TemporalOrder.ALPHABET);
        if (symbol < 2) {
          int from = starts[event] * length / 10;
          assertTrue(t >= from && t < from + length / 10, "event " + event + " at " + t);
          label += symbol << event;
          event++;
        }
      }
      assertEquals(events, event);
      assertEquals(label, batch.labels()[n]);
      labels.add(label);
    }
    assertEquals(1 << events, labels.size());
  }

  @Test
  void temporalOrderIsBalanced() {
    int batch = 40_000;
    SymbolBatch sequences = new TemporalOrder(2, 5).next(10, batch);
    int[] counts = new int[4];
    for (int label : sequences.labels()) {
      counts[label]++;
    }
    // Guessing costs ln 4 and errs on 3/4: the entropy of the labels, within four standard errors.
    double entropy = 0;
    for (int count : counts) {
      double p = count / (double) batch;
      assertEquals(0.25, p, 4 * Math.sqrt(0.25 * 0.75 / batch));
      entropy -= p * Math.log(p);
    }
    assertEquals(Math.log(4), entropy, 1e-3);
  }

  @Test
  void symbolsBecomeUnitVectors() {
    SymbolBatch batch = new SymbolBatch(2, 1, 3, 2, new int[] {2, 0}, new int[] {1});
    assertArrayEquals(new float[] {0, 0, 1, 1, 0, 0}, batch.oneHot());
  }

  @ParameterizedTest
  @EnumSource
  void numbersHaveTheirBaselines(MarkedNumbers.Problem problem) {
    MarkedNumbers task = new MarkedNumbers(problem, 3);
    int batches = 40;
    int size = 1000;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < batches; i++) {
      NumberBatch batch = task.next(100, size);
      int steps = batch.steps();
      assertTrue(steps >= 100 && steps < 110);
      for (int n = 0; n < size; n++) {
        double[] marked = new double[2];
        int marks = 0;
        for (int t = 0; t < steps; t++) {
          float marker = batch.x()[2 * (t * size + n)];
          float value = batch.x()[2 * (t * size + n) + 1];
          assertTrue(value >= 0 && value < 1);
          if (marker != 0) {
            assertEquals(1, marker, 0);
            assertTrue(
                marks == 0 ? t < steps / 10 : t >= steps / 10 && t < steps / 2, "mark at " + t);
            marked[marks++] = value;
          }
        }
        assertEquals(2, marks);
        double target =
            problem == MarkedNumbers.Problem.ADDITION
                ? (marked[0] + marked[1]) / 2
                : marked[0] * marked[1];
        assertEquals((float) target, batch.targets()[n], 0);
        sum += target;
        squares += target * target;
      }
    }
    int all = batches * size;
    double mean = sum / all;
    // 40,000 sequences: the standard error of a variance is about 1.4 of it over their root.
    double baseline = problem.baseline();
    assertEquals(baseline, squares / all - mean * mean, 5 * 1.4 * baseline / Math.sqrt(all));
    assertEquals(problem == MarkedNumbers.Problem.ADDITION ? 0.5 : 0.25, mean, 5e-3);
  }

  @Test
  void baselinesInFigures() {
    assertEquals(0.0416667, MarkedNumbers.Problem.ADDITION.baseline(), 5e-8);
    assertEquals(0.0486111, MarkedNumbers.Problem.MULTIPLICATION.baseline(), 5e-8);
  }

  @Test
  void numbersAreJudgedOneByOne() {
    NumberBatch batch = new NumberBatch(1, 4, new float[8], new float[] {0.5f, 0.5f, 0.5f, 0.5f});
    assertEquals(2, batch.errors(new float[] {0.35f, 0.8f, 0.69f, Float.NaN}));
    assertThrows(IllegalArgumentException.class, () -> batch.errors(new float[3]));
  }

  @Test
  void permutationRepeatsItsFirstSymbol() {
    int batch = 300;
    LabelledSteps steps = new RandomPermutation(4).next(20, batch);
    Set<Integer> seen = new HashSet<>();
    for (int n = 0; n < batch; n++) {
      assertTrue(steps.symbols()[n] < 2);
      assertEquals(steps.symbols()[n], steps.labels()[19 * batch + n]);
      for (int t = 1; t < 20; t++) {
        int symbol = steps.symbols()[t * batch + n];
        assertTrue(symbol >= 2 && symbol < 100);
        assertEquals(symbol, steps.labels()[(t - 1) * batch + n]);
        seen.add(symbol);
      }
    }
    assertEquals(98, seen.size());
    int[] answers = new int[steps.labels().length];
    System.arraycopy(steps.labels(), 19 * batch, answers, 19 * batch, batch);
    assertEquals(0, steps.errors(answers));
    answers[19 * batch + 7] ^= 1;
    assertEquals(1, steps.errors(answers));
    for (int t = 0; t < 20; t++) {
      assertEquals(t == 19, steps.counted()[t]);
    }
  }

  @Test
  void fiveBitsHaveThirtyTwoPatterns() {
    NoiselessMemory memory = NoiselessMemory.fiveBit(1);
    assertEquals(32, memory.patterns());
    LabelledSteps steps = memory.all(50);
    assertEquals(32, steps.batch());
    assertEquals(61, steps.steps());
    assertEquals(4, steps.inputs());
    assertEquals(3, steps.outputs());
    Set<Integer> patterns = new HashSet<>();
    for (int n = 0; n < 32; n++) {
      int pattern = 0;
      for (int t = 0; t < 61; t++) {
        int symbol = steps.symbols()[t * 32 + n];
        int label = steps.labels()[t * 32 + n];
        if (t < 5) {
          assertTrue(symbol < 2);
          pattern += symbol << t;
          assertEquals(symbol, steps.labels()[(t + 56) * 32 + n]);
        } else {
          assertEquals(t == 55 ? 3 : 2, symbol);
        }
        if (t < 56) {
          assertEquals(2, label);
        }
      }
      patterns.add(pattern);
    }
    assertEquals(32, patterns.size());
    assertEquals(0, steps.errors(steps.labels()));
    int[] wrong = steps.labels().clone();
    wrong[3 * 32 + 9] = 0;
    assertEquals(1, steps.errors(wrong));
  }

  @Test
  void twentyBitsAreMore() {
    NoiselessMemory memory = NoiselessMemory.twentyBit(2);
    assertEquals(9_765_625, memory.patterns());
    LabelledSteps steps = memory.next(20, 7);
    assertEquals(41, steps.steps());
    assertEquals(7, steps.inputs());
    assertThrows(IllegalArgumentException.class, () -> memory.all(1000));
  }

  @Test
  void seedsDecide() {
    assertArrayEquals(
        new TemporalOrder(2, 7).next(30, 5).symbols(),
        new TemporalOrder(2, 7).next(30, 5).symbols());
    assertFalse(
        Arrays.equals(
            new TemporalOrder(2, 7).next(30, 5).symbols(),
            new TemporalOrder(2, 8).next(30, 5).symbols()));
    // Random's algorithms are part of the platform's specification: the same on every JVM.
    assertArrayEquals(
        new int[] {4, 0, 2, 4, 4, 1, 4, 2, 4, 5}, new TemporalOrder(2, 0).next(10, 1).symbols());
  }

  @Test
  void refusesSequencesWithoutRoom() {
    assertThrows(IllegalArgumentException.class, () -> new TemporalOrder(4, 1));
    assertThrows(IllegalArgumentException.class, () -> new TemporalOrder(2, 1).next(9, 1));
    assertThrows(IllegalArgumentException.class, () -> new TemporalOrder(2, 1).next(10, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> new MarkedNumbers(MarkedNumbers.Problem.ADDITION, 1).next(9, 1));
    assertThrows(IllegalArgumentException.class, () -> new RandomPermutation(1).next(0, 1));
    assertThrows(IllegalArgumentException.class, () -> NoiselessMemory.fiveBit(1).next(0, 1));
  }
}

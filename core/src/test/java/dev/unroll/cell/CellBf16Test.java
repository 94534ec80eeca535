package dev.unroll.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.internal.spi.KernelSet;
import dev.unroll.kernel.Bfloat16;
import dev.unroll.kernel.Parallelism;
import dev.unroll.testing.data.Fill;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Weights stored as bfloat16: the bits of f32 arithmetic on the rounded weights. */
class CellBf16Test {

  private static final List<CellSpec> SPECS =
      List.of(
          CellSpec.lstm(5, 33),
          CellSpec.lstm(16, 70).withProjection(9),
          CellSpec.gru(7, 64),
          CellSpec.gru(3, 17).withReset(CellSpec.Reset.BEFORE),
          CellSpec.elman(1, 130));

  @Test
  void everyTwinGivesTheBitsOfTheRoundedWeights() {
    for (CellSpec spec : SPECS) {
      WeightSet weights = WeightSet.zeros(spec);
      WeightSet rounded = WeightSet.zeros(spec);
      for (int i = 0; i < weights.arrays().size(); i++) {
        float[] values = Fill.MODERATE.array(weights.arrays().get(i).length, i);
        // W, R, and the projection, which comes last.
        boolean last = i == weights.arrays().size() - 1;
        boolean matrix = i < 2 || (last && spec.projectionSize() > 0);
        for (int j = 0; j < values.length; j++) {
          weights.arrays().get(i)[j] = values[j];
          rounded.arrays().get(i)[j] = matrix ? Bfloat16.round(values[j]) : values[j];
        }
      }
      for (KernelSet twin : Twins.list()) {
        for (int batch : new int[] {1, 2, 7}) {
          float[] stored = run(weights, WeightStorage.BFLOAT16, batch, twin);
          float[] plain = run(rounded, WeightStorage.FLOAT32, batch, twin);
          Reproducer where = Reproducer.of("bfloat16 " + spec).shape(batch).twin(twin.name());
          FloatAssert.assertBitsEqual(stored, 0, plain, 0, plain.length, where);
        }
      }
    }
  }

  private static float[] run(WeightSet weights, WeightStorage storage, int batch, KernelSet twin) {
    CellSpec spec = weights.spec();
    int steps = 5;
    PackedCell packed = PackedCell.pack(weights, storage, twin.matmul().shape());
    float[] x = Fill.MODERATE.array(steps * batch * spec.inputSize(), 9);
    float[] y = new float[steps * batch * spec.outputSize()];
    float[] h = new float[batch * spec.outputSize()];
    float[] c = spec.hasCell() ? new float[batch * spec.hiddenSize()] : null;
    try (Parallelism threads = Parallelism.pool(2)) {
      Cell.of(packed, threads, twin)
          .forward(SequenceLayout.TIME_MAJOR, steps, batch, x, 0, y, 0, h, 0, c, 0);
    }
    return y;
  }

  @Test
  void takesHalfTheBytes() {
    WeightSet weights = WeightSet.zeros(CellSpec.lstm(64, 64));
    long floats = PackedCell.pack(weights).bytes();
    long halves = PackedCell.pack(weights, WeightStorage.BFLOAT16).bytes();
    assertTrue(halves < 0.52 * floats, halves + " and " + floats);
  }

  @Test
  void roundsToNearestEven() {
    assertEquals(1f, Bfloat16.round(1f + 0x1p-8f));
    assertEquals(1f + 0x1p-6f, Bfloat16.round(1f + 0x1.8p-7f));
    assertEquals(Float.POSITIVE_INFINITY, Bfloat16.round(Float.MAX_VALUE));
    assertEquals(Float.floatToRawIntBits(-0f), Float.floatToRawIntBits(Bfloat16.round(-0f)));
    assertTrue(Float.isNaN(Bfloat16.round(Float.intBitsToFloat(0x7F800001))));
  }
}

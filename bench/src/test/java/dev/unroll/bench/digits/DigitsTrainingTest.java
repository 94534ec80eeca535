package dev.unroll.bench.digits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.bench.report.Progress;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The training of the main job: right, and the same to the last bit wherever it runs. */
class DigitsTrainingTest {

  /**
   * What this seed comes to on every machine, in either twin; changes only with the numerics
   * version.
   */
  private static final int CORRECT = 326;

  @Test
  void reachesTheAccuracyOfTheModelTrainedInPyTorch() throws IOException {
    DigitsTraining.Result result;
    try (Progress progress = new Progress("training", DigitsTraining.EPOCHS)) {
      result = new DigitsTraining(DigitsTraining.SEED).run(DigitsTraining.EPOCHS, progress);
    }
    assertTrue(result.accuracy() >= 0.90, "accuracy is " + result.accuracy());
    assertEquals(CORRECT, result.correct());
    assertEquals(3, result.flow().size());
    double[] norms = result.flow().getFirst().norms();
    for (double norm : norms) {
      assertTrue(norm > 0 && norm < 1, "norms are " + java.util.Arrays.toString(norms));
    }
    assertTrue(result.flow().getLast().loss() < result.flow().getFirst().loss() / 100);
  }
}

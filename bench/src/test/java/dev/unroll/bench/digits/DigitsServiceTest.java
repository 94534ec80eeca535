package dev.unroll.bench.digits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.cell.WeightStorage;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class DigitsServiceTest {

  @Test
  void answersAsPyTorchDoes() throws IOException {
    DigitsService.Answers answers = new DigitsService().classify();
    assertEquals(328, answers.correct(), "of 360: accuracy 0.9111");
    assertTrue(
        answers.largestLogitError() <= DigitsService.LOGIT_TOLERANCE, () -> answers.toString());
  }

  /** The figures of README.md: the same on every machine, as the bits are. */
  @Test
  void weightsAsBfloat16CostNoImage() throws IOException {
    DigitsService.Answers answers = new DigitsService(WeightStorage.BFLOAT16).classify();
    assertEquals(328, answers.correct());
    assertEquals(0.0612, answers.largestLogitError(), 5e-5);
    assertEquals(12.0, answers.largestLogit(), 0.05);
  }
}

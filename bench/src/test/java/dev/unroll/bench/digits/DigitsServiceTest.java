package dev.unroll.bench.digits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
}

package dev.unroll.bench.recurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RaggedTest {

  @ParameterizedTest
  @EnumSource
  void lengthsAreSteps(Ragged.Lengths kind) {
    int[] lengths = kind.of(40, 24);
    assertEquals(40, lengths.length);
    assertTrue(Arrays.stream(lengths).allMatch(length -> length >= 1 && length <= 24));
    assertTrue(Arrays.stream(lengths).distinct().count() > 1, "all alike");
  }

  @Test
  void aliveIsTheMeanOverTheSteps() {
    // 12, 3, 12, 3 in some order: 30 valid steps of 12.
    for (Ragged.Result result : Ragged.measure(Ragged.Lengths.TWO, 4, 12, 8, 2)) {
      assertEquals(2.5, result.alive());
      assertTrue(result.forward() > 0 && result.forwardRatio() > 0);
      assertTrue(result.training() > result.forward());
    }
  }
}

package dev.unroll.testing.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class ConditionedDotTest {

  @Test
  void theConditionNumberIsNearTheOneAskedFor() {
    for (int log2 = 2; log2 <= 40; log2++) {
      for (int n : new int[] {6, 17, 100}) {
        ConditionedDot dot = ConditionedDot.of(n, log2, 31L * log2 + n);
        double reached = Math.log(dot.condition()) / Math.log(2);
        // A factor of n from the number of products, of some bits from their significands.
        double slack = 6 + Math.log(n) / Math.log(2);
        assertTrue(Math.abs(reached - log2) <= slack, log2 + " wanted: " + dot);
      }
    }
  }

  @Test
  void theSumIsExact() {
    ConditionedDot dot = ConditionedDot.of(50, 35, 7);
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < 50; i++) {
      sum = sum.add(new BigDecimal(dot.a()[i]).multiply(new BigDecimal(dot.b()[i])));
    }
    assertEquals(sum.doubleValue(), dot.exact());
    assertTrue(dot.exact() != 0);
  }

  @Test
  void floatSumsLoseWhatTheConditionNumberSays() {
    ConditionedDot wild = ConditionedDot.of(100, 38, 5);
    float sum = 0;
    for (int i = 0; i < 100; i++) {
      sum = Math.fma(wild.a()[i], wild.b()[i], sum);
    }
    assertTrue(Math.abs(sum - wild.exact()) > 0.1 * Math.abs(wild.exact()), wild.toString());
  }

  @Test
  void otherwiseItIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> ConditionedDot.of(3, 10, 0));
    assertThrows(IllegalArgumentException.class, () -> ConditionedDot.of(4, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> ConditionedDot.of(4, 41, 0));
  }
}

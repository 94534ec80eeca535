package dev.unroll.bench.recurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.bench.report.Table;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Options of training are timed one beside the other. */
class OptionCostsTest {

  @Test
  void eachOptionHasARowBesideTheLayerWithoutIt() {
    Table table = OptionCosts.table();
    new OptionCosts(3).measure(Cell.LSTM, new LayerShape(3, 2, 5, 8), table);
    List<String> lines = table.render().lines().toList();
    assertEquals(2 + OptionCosts.Option.values().length, lines.size());
    for (int i = 2; i < lines.size(); i++) {
      String[] cells = lines.get(i).split("\\s*\\|\\s*", -1);
      assertTrue(
          Double.parseDouble(cells[2]) > 0 && Double.parseDouble(cells[4]) > 0, lines.get(i));
    }
    assertTrue(lines.get(2).startsWith("| LSTM T3 N2 I5 H8, none "), lines.get(2));
    // Its own ratio, forward and backward.
    assertEquals(2, lines.get(2).split("1\\.000 \\(1\\.000 to 1\\.000\\)", -1).length - 1);
  }
}

package dev.unroll.bench.recurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.bench.probe.FmaPeak;
import dev.unroll.bench.probe.Spread;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecurrentComparisonTest {

  @Test
  void theNegativeControlLooksSlower() {
    Task task = new Task(Cell.LSTM, new LayerShape(5, 2, 16, 16), Pass.FORWARD, 1);
    RecurrentResult result =
        new RecurrentComparison(FmaPeak.create(), 5)
            .measure(task, List.of(new NaiveLayer(), new FourTimes()));
    RecurrentResult.Entry once = result.best(NaiveLayer.LIBRARY);
    RecurrentResult.Entry four = result.best("control");
    assertNotNull(once);
    assertNotNull(four);
    assertEquals(5, once.rounds().length);
    assertTrue(
        four.millis().min() > once.millis().min(), () -> once.millis() + " and " + four.millis());
    assertEquals(0, result.ratioToBestPeer(), "without us there is no ratio");
    assertNull(result.loadBandwidth());
  }

  @Test
  void whoDoesNotAcceptATaskIsLeftOut() {
    Task task = new Task(Cell.RNN, new LayerShape(2, 1, 4, 4), Pass.FORWARD, 2);
    RecurrentResult result =
        new RecurrentComparison(FmaPeak.create(), 1).measure(task, List.of(new NaiveLayer()));
    assertEquals(List.of(), result.entries());
  }

  @Test
  void aPeerThatIsWrongIsLeftOutAndTheOthersAreMeasured() {
    Task task = new Task(Cell.LSTM, new LayerShape(3, 2, 16, 16), Pass.FORWARD, 1);
    RecurrentResult result =
        new RecurrentComparison(FmaPeak.create(), 1)
            .measure(task, List.of(new Wrong("wrong"), new NaiveLayer(), new FourTimes()));
    assertNull(result.best("wrong"));
    assertNotNull(result.best(NaiveLayer.LIBRARY));
    assertNotNull(result.best("control"));
    String said = new RecurrentReport(List.of(result), List.of()).leftOut();
    assertTrue(said.startsWith("Left out: wrong (four times) and the reference differ"), said);
    assertEquals(1, said.lines().count());
  }

  @Test
  void weAreNeverLeftOut() {
    Task task = new Task(Cell.LSTM, new LayerShape(3, 2, 16, 16), Pass.FORWARD, 1);
    RecurrentComparison comparison = new RecurrentComparison(FmaPeak.create(), 1);
    assertThrows(
        IllegalStateException.class,
        () -> comparison.measure(task, List.of(new Wrong(UnrollLayer.LIBRARY))));
  }

  @Test
  void aPeerWhoseStepsAreWrongIsLeftOut() {
    StepLatency.Result result =
        new StepLatency(1)
            .measure(
                StepLatency.task(Cell.RNN, 4, 1), List.of(new Wrong("wrong"), new NaiveLayer()));
    assertEquals(
        List.of(NaiveLayer.LIBRARY),
        result.entries().stream().map(StepLatency.Entry::library).toList());
    assertEquals(1, new StepReport(List.of(result), List.of()).leftOut().lines().count());
  }

  @Test
  void theTableShowsRatesRatiosAndGaps() {
    Task task = new Task(Cell.LSTM, new LayerShape(100, 32, 128, 256), Pass.FORWARD, 1);
    RecurrentResult result =
        new RecurrentResult(
            task,
            new Spread(100, 100, 100),
            null,
            List.of(entry(UnrollLayer.LIBRARY, 30, 30, 60), entry("peer", 60, 45, 60)),
            List.of());
    RecurrentReport report = new RecurrentReport(List.of(result), List.of("peer", "absent"));
    String row = report.table().lines().toList().getLast();
    assertEquals(
        List.of(
            "",
            "LSTM T100 N32 I128 H256",
            "60.0 (41.9)",
            "",
            "30.0 (83.9)",
            "83.9%",
            "",
            "1.50",
            "100.0",
            "",
            ""),
        List.of(row.split("\\s*\\|\\s*", -1)));
    assertEquals("Geometric mean to the best peer of each row, 1 row: 1.50\n", report.mean());
    assertEquals("", new RecurrentReport(List.of(), List.of()).mean());
  }

  private static RecurrentResult.Entry entry(String library, double... rounds) {
    return new RecurrentResult.Entry(library, "way", rounds, Spread.of(rounds));
  }

  @Test
  void stepsHaveQuantiles() {
    int[] nanos = new int[1000];
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = 1000 * (i + 1);
    }
    StepLatency.Entry entry = new StepLatency.Entry("naive", "loops", nanos);
    assertEquals(501_000, entry.quantile(0.5));
    assertEquals(991_000, entry.quantile(0.99));
    assertEquals(1_000_000, entry.quantile(0.999));
    assertEquals(1_000_000, entry.quantile(1));
    StepLatency.Result result =
        new StepLatency.Result(StepLatency.task(Cell.GRU, 8, 1), List.of(entry), List.of());
    String table = new StepReport(List.of(result), List.of("naive", "absent")).table();
    assertTrue(table.contains("GRU I8 H8") && table.contains("501 / 991 / 1000"), table);
  }

  @Test
  void everyStepIsTimed() {
    Task task = StepLatency.task(Cell.RNN, 4, 1);
    StepLatency.Result result = new StepLatency(2).measure(task, List.of(new NaiveLayer()));
    int[] nanos = result.entries().getFirst().nanos();
    assertEquals(2 * StepLatency.TURN, nanos.length);
    assertTrue(nanos[0] >= 0 && nanos[0] <= nanos[nanos.length - 1]);
  }

  /** Outputs of which one is wrong. */
  private static final class Wrong extends FourTimes {
    private final String library;

    Wrong(String library) {
      this.library = library;
    }

    @Override
    public String library() {
      return library;
    }

    @Override
    public float[] outputs() {
      float[] h = super.outputs();
      h[0] += 0.1f;
      return h;
    }
  }

  /** The loops, four times for each run. */
  private static class FourTimes implements RecurrentContender {
    private final NaiveLayer once = new NaiveLayer();

    @Override
    public String library() {
      return "control";
    }

    @Override
    public String variant() {
      return "four times";
    }

    @Override
    public boolean javaCode() {
      return true;
    }

    @Override
    public boolean accepts(Task task) {
      return once.accepts(task);
    }

    @Override
    public void prepare(Task task, Layer layer) {
      once.prepare(task, layer);
    }

    @Override
    public void run() {
      for (int i = 0; i < 4; i++) {
        once.run();
      }
    }

    @Override
    public float[] outputs() {
      return once.outputs();
    }

    @Override
    public void close() {
      once.close();
    }
  }
}

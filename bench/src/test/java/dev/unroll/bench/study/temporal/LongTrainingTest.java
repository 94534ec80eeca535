package dev.unroll.bench.study.temporal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is interrupted loses nothing. */
class LongTrainingTest {

  @TempDir private Path work;

  private static TrainingSettings settings(int limit, long seed) {
    return new TrainingSettings(
        Initialization.SMART_TANH, 0.01f, 1, 2, 10, 14, 5, 6, 20, 0, limit, seed);
  }

  @Test
  void goesOnFromItsLogWithTheSameResults() throws IOException {
    Path whole = work.resolve("whole.txt");
    String tests = new LongTraining(whole, settings(80, 1), 10, 30).run();
    List<String> lines = Files.readAllLines(whole);
    assertEquals(2 + 4 + 3, lines.size(), lines.toString());
    assertTrue(tests.startsWith("# not solved at update 80\n"), tests);

    Path halves = work.resolve("halves.txt");
    new LongTraining(halves, settings(40, 1), 10, 30).run();
    // What was written after the network was kept is forgotten.
    Files.writeString(halves, Files.readString(halves) + "60 0.1 1 1 1 0 1\n");
    assertEquals(tests, new LongTraining(halves, settings(80, 1), 10, 30).run());
    assertEquals(lines, Files.readAllLines(halves));
    // A finished one is tested again.
    assertEquals(tests, new LongTraining(halves, settings(80, 1), 10, 30).run());
    assertEquals(lines, Files.readAllLines(halves));
  }

  @Test
  void doesNotMixSeeds() throws IOException {
    Path log = work.resolve("log.txt");
    new LongTraining(log, settings(20, 1), 10, 30).run();
    assertThrows(IOException.class, () -> new LongTraining(log, settings(40, 2)).run());
  }
}

package dev.unroll.bench.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.bench.fork.ChildJvm;
import dev.unroll.bench.fork.Effort;
import dev.unroll.bench.fork.Fork;
import dev.unroll.bench.health.HealthCheck.State;
import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.results.Results;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HealthCheckTest {

  private static Measurement forks(String group, String contender, double... forks) {
    List<double[]> each = Arrays.stream(forks).mapToObj(f -> new double[] {f}).toList();
    return new Measurement(group, "tile", contender, "GFLOP/s", true, each, Map.of());
  }

  /** The state of the only finding whose text contains this. */
  private static State state(String text, Measurement... measurements) {
    Results results = new Results();
    Arrays.stream(measurements).forEach(results::add);
    List<HealthCheck.Finding> found =
        HealthCheck.judge(results).stream().filter(f -> f.text().contains(text)).toList();
    assertEquals(1, found.size(), found::toString);
    return found.getFirst().state();
  }

  private static final double[] STEADY = {100, 100.4, 99.7, 100.1, 99.9, 100.2, 99.8, 100};

  @Test
  void twoModesAreUnhealthy() {
    assertEquals(State.HEALTHY, state("one mode", forks("health", "alone", STEADY)));
    assertEquals(
        State.UNHEALTHY,
        state("TWO MODES", forks("health", "alone", 100, 100.2, 60, 60.1, 99.9, 60.2, 100.1, 60)));
    assertEquals(State.UNDECIDED, state("too few", forks("health", "alone", 100, 60)));
  }

  @Test
  void losingATenthInABusyJvmIsUnhealthy() {
    Measurement alone = forks("health", "alone", STEADY);
    assertEquals(
        State.HEALTHY, state("busy", alone, forks("health", "polluted", 99, 99.5, 99.2, 98.9)));
    assertEquals(
        State.UNHEALTHY, state("busy", alone, forks("health", "polluted", 90, 90.5, 89.7, 90.1)));
    assertEquals(
        State.UNDECIDED, state("busy", alone, forks("health", "polluted", 99, 80, 101, 95)));
  }

  @Test
  void allocationIsUnhealthy() {
    assertEquals(State.HEALTHY, state("allocates", forks("allocation", "bytes a call", 0, 0.3)));
    assertEquals(State.UNHEALTHY, state("allocates", forks("allocation", "bytes a call", 24, 24)));
  }

  @ParameterizedTest
  @EnumSource(Headline.class)
  void everyHeadlineKernelProvesItself(Headline headline) {
    Headline.Task task = headline.create();
    task.run().run();
    assertTrue(task.work() > 0);
    assertEquals(task.work() * 2, task.rate(4, 2));
  }

  @Test
  void aKernelIsMeasuredAlone() throws IOException {
    Results results =
        Fork.measure(
            ChildJvm.likeThis().with("-D" + Alone.PROPERTY + "=SIGMOID"),
            Alone.class,
            Effort.QUICK);
    assertTrue(results.find("health", "sigmoid", "alone").orElseThrow().median() > 0);
    assertEquals(0, results.find("allocation", "sigmoid", "bytes a call").orElseThrow().median());
  }

  @Test
  void fullSpeedIsReachedWhenItIsKept() {
    double[] millis = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    double[] rates = {1, 95, 1, 2, 3, 95, 96, 20, 97, 96, 95, 96};
    assertEquals(6, Start.millisToFullSpeed(millis, rates, 90));
    assertEquals(12, Start.millisToFullSpeed(millis, rates, 200));
  }

  @Test
  void firstCallsNeedAFullSpeed() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Start.measure(List.of(Headline.TANH), 1, new Results()));
  }
}

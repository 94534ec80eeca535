package dev.unroll.testing.law;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The laws of one kernel. From a main method, or in one test:
 *
 * <pre>{@code
 * laws.checkAll();
 * }</pre>
 *
 * <p>With JUnit, one test for each law:
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> laws() {
 *   return laws.stream().map(law -> dynamicTest(law.name(), law::mustHold));
 * }
 * }</pre>
 */
public final class Laws implements Iterable<Law> {

  private final String kernel;
  private final List<Law> laws;

  Laws(String kernel, List<Law> laws) {
    this.kernel = kernel;
    this.laws = List.copyOf(laws);
  }

  /** One after the other. */
  public Stream<Law> stream() {
    return laws.stream();
  }

  @Override
  public Iterator<Law> iterator() {
    return laws.iterator();
  }

  /** The names of those that fail, in order. */
  public List<String> broken() {
    return failures().stream().map(Failure::name).toList();
  }

  /**
   * Checks all of them, also after a failure.
   *
   * @throws AssertionError when a law is broken; the message has a paragraph for each, which ends
   *     with the line that reproduces the failure
   */
  public void checkAll() {
    List<Failure> failures = failures();
    if (failures.isEmpty()) {
      return;
    }
    StringBuilder message = new StringBuilder();
    message.append("%s breaks %d of %d laws".formatted(kernel, failures.size(), laws.size()));
    for (Failure failure : failures) {
      message.append("%n%n%s%n%s".formatted(failure.name, failure.thrown.getMessage()));
    }
    AssertionError all = new AssertionError(message);
    failures.forEach(failure -> all.addSuppressed(failure.thrown));
    throw all;
  }

  private List<Failure> failures() {
    List<Failure> failures = new ArrayList<>();
    for (Law law : laws) {
      try {
        law.mustHold();
      } catch (AssertionError broken) {
        failures.add(new Failure(law.name(), broken));
      }
    }
    return failures;
  }

  private record Failure(String name, AssertionError thrown) {}
}

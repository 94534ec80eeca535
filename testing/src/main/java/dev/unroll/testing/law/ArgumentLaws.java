package dev.unroll.testing.law;

import dev.unroll.testing.guard.Snapshot;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Wrong arguments: the right exception, which names the argument, before anything is written.
 *
 * <pre>{@code
 * ArgumentLaws.of("multiply").unwritten("c", c)
 *     .refuses(IllegalArgumentException.class, "m", () -> multiply(-1, 2, 3, a, b, c))
 *     .checkAll();
 * }</pre>
 */
public final class ArgumentLaws {

  private final String what;
  private final List<String> names = new ArrayList<>();
  private final List<float[]> arrays = new ArrayList<>();
  private final List<Law> laws = new ArrayList<>();

  private ArgumentLaws(String what) {
    this.what = what;
  }

  /** Of a method. */
  public static ArgumentLaws of(String method) {
    return new ArgumentLaws(method);
  }

  /** An array that no refused call may write to. */
  public ArgumentLaws unwritten(String name, float[] array) {
    names.add(name);
    arrays.add(array);
    return this;
  }

  /**
   * A call that must be refused.
   *
   * @param type of the exception; a subclass will do
   * @param argument what the message has to name, as a word or the first part of one ({@code
   *     xOffset} names {@code x})
   */
  public ArgumentLaws refuses(Class<? extends Exception> type, String argument, Runnable call) {
    String name = type.getSimpleName() + " for " + argument + " (" + (laws.size() + 1) + ")";
    laws.add(new Law(name, () -> check(type, argument, name, call)));
    return this;
  }

  private void check(Class<? extends Exception> type, String argument, String name, Runnable call) {
    Reproducer where = Reproducer.of(what).with("law", name);
    List<Snapshot> before = new ArrayList<>();
    for (int i = 0; i < arrays.size(); i++) {
      before.add(Snapshot.of(names.get(i), arrays.get(i)));
    }
    try {
      call.run();
    } catch (Exception thrown) {
      before.forEach(snapshot -> snapshot.assertUnmodified(where));
      String message = String.valueOf(thrown.getMessage());
      if (!type.isInstance(thrown)) {
        throw new AssertionError("thrown: " + thrown + System.lineSeparator() + where.line());
      }
      if (!Pattern.compile("\\b" + Pattern.quote(argument)).matcher(message).find()) {
        throw new AssertionError(
            "not named: " + argument + " in: " + message + System.lineSeparator() + where.line());
      }
      return;
    }
    throw new AssertionError("not refused" + System.lineSeparator() + where.line());
  }

  /** All of them. */
  public Laws laws() {
    return new Laws(what, laws);
  }

  /** Checks all of them; see {@link Laws#checkAll}. */
  public void checkAll() {
    laws().checkAll();
  }
}

package dev.unroll.testing.tolerance;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * What it takes to see a failure again, in one line. Immutable; each {@code with} returns a longer
 * one:
 *
 * <pre>{@code
 * Reproducer.of("Matmul.multiply").seed(42).shape("m=3 n=5 k=7").twin("simd").width(512)
 * }</pre>
 *
 * <p>The line is only put together when something fails; JVM flags, Java version and machine are
 * added by itself.
 */
public final class Reproducer {

  private final String what;
  private final List<String> keys;
  private final List<Object> values;

  private Reproducer(String what, List<String> keys, List<Object> values) {
    this.what = what;
    this.keys = keys;
    this.values = values;
  }

  /** Starts with the name of what is tested. */
  public static Reproducer of(String what) {
    return new Reproducer(what, List.of(), List.of());
  }

  /** Adds any other fact. The value is turned into text when the line is needed. */
  public Reproducer with(String key, Object value) {
    List<String> longerKeys = new ArrayList<>(keys);
    List<Object> longerValues = new ArrayList<>(values);
    longerKeys.add(key);
    longerValues.add(value);
    return new Reproducer(
        what, Collections.unmodifiableList(longerKeys), Collections.unmodifiableList(longerValues));
  }

  /** The seed of the data. */
  public Reproducer seed(long seed) {
    return with("seed", seed);
  }

  /** The shape, offsets and strides, in any notation. */
  public Reproducer shape(Object shape) {
    return with("shape", shape);
  }

  /** Which implementation ran. */
  public Reproducer twin(String twin) {
    return with("twin", twin);
  }

  /** Vector width in bits, 0 for none. */
  public Reproducer width(int bits) {
    return with("width", bits);
  }

  /** The line. */
  public String line() {
    StringBuilder line = new StringBuilder("reproduce: ").append(what);
    for (int i = 0; i < keys.size(); i++) {
      line.append(' ').append(keys.get(i)).append("=[").append(values.get(i)).append(']');
    }
    line.append(" jvm=").append(jvmFlags());
    line.append(" java=[").append(System.getProperty("java.runtime.version")).append(']');
    line.append(" arch=[").append(System.getProperty("os.arch")).append(']');
    return line.toString().replaceAll("\\s*\\R\\s*", " ");
  }

  @Override
  public String toString() {
    return line();
  }

  /** The flags this JVM was started with; agents are left out, they hold no clue but long paths. */
  private static List<String> jvmFlags() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> !flag.toLowerCase(Locale.ROOT).contains("agent"))
        .toList();
  }
}

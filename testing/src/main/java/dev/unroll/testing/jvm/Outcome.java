package dev.unroll.testing.jvm;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a process left behind.
 *
 * @param command the whole command line
 * @param exitCode 0 for success
 * @param out standard output
 * @param err standard error
 */
public record Outcome(String command, int exitCode, String out, String err) {

  /**
   * This, if the process succeeded.
   *
   * @throws AssertionError with the command and all output otherwise
   */
  public Outcome mustSucceed() {
    if (exitCode != 0) {
      throw new AssertionError(toString());
    }
    return this;
  }

  /**
   * The rest of the line of standard output that starts with {@code key=}.
   *
   * @throws AssertionError when there is no such line
   */
  public String value(String key) {
    return out.lines()
        .filter(line -> line.startsWith(key + "="))
        .map(line -> line.substring(key.length() + 1))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + key + " in the output of " + this));
  }

  /** All lines of standard output of the form {@code prefix + name=value}, by name, in order. */
  public Map<String, String> values(String prefix) {
    Map<String, String> values = new LinkedHashMap<>();
    out.lines()
        .filter(line -> line.startsWith(prefix) && line.indexOf('=') > 0)
        .forEach(
            line -> {
              int end = line.indexOf('=');
              values.put(line.substring(prefix.length(), end), line.substring(end + 1));
            });
    return values;
  }

  @Override
  public String toString() {
    return "%s%nexit code %d%n%s%n%s".formatted(command, exitCode, out, err);
  }
}

package dev.unroll.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a control group allows this process.
 *
 * @param cpus processors' worth of time, from the quota; 0 without a limit
 * @param memoryBytes 0 without a limit
 */
public record Container(double cpus, long memoryBytes) {

  /** The limits of this process, of either version of control groups. */
  static Container current() {
    return read(Path.of("/sys/fs/cgroup"));
  }

  static Container read(Path root) {
    double cpus = 0;
    String both = text(root.resolve("cpu.max"));
    if (both != null) {
      String[] parts = both.split("\\s+", -1);
      if (parts.length == 2 && !parts[0].equals("max")) {
        cpus = number(parts[0]) / number(parts[1]);
      }
    } else {
      double quota = number(text(root.resolve("cpu/cpu.cfs_quota_us")));
      double period = number(text(root.resolve("cpu/cpu.cfs_period_us")));
      cpus = quota > 0 && period > 0 ? quota / period : 0;
    }
    String limit = text(root.resolve("memory.max"));
    double bytes =
        number(limit != null ? limit : text(root.resolve("memory/memory.limit_in_bytes")));
    // Without a limit the first version says something near 2^63.
    return new Container(cpus, bytes > 0 && bytes < 0x1p60 ? (long) bytes : 0);
  }

  private static @Nullable String text(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return null;
    }
  }

  private static double number(@Nullable String text) {
    try {
      return text == null || text.equals("max") ? 0 : Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}

package dev.unroll.bench.report;

import java.util.Locale;

/** How figures are written, the same in every table and on every machine. */
public final class Figures {

  private Figures() {}

  /** Three significant digits or so: a rate in GFLOP/s or GB/s. */
  public static String rate(double value) {
    if (!(value > 0)) {
      return "-";
    }
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
  }

  /** Milliseconds, three significant digits or so. */
  public static String millis(double value) {
    if (!(value > 0)) {
      return "-";
    }
    String format = value < 0.1 ? "%.4f" : value < 1 ? "%.3f" : value < 10 ? "%.2f" : "%.1f";
    return String.format(Locale.ROOT, format, value);
  }

  /** A share in per cent. */
  public static String percent(double share) {
    return share > 0 ? String.format(Locale.ROOT, "%.1f%%", 100 * share) : "-";
  }

  /** A ratio, 1 being equal. */
  public static String ratio(double value) {
    return value > 0 ? String.format(Locale.ROOT, "%.2f", value) : "-";
  }

  /** A number of bytes in binary units. */
  public static String bytes(long bytes) {
    if (bytes < 1 << 10) {
      return bytes + " B";
    }
    if (bytes < 1 << 20) {
      return String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0);
    }
    return String.format(Locale.ROOT, "%.1f MiB", bytes / (1024.0 * 1024.0));
  }
}

package dev.unroll.bench.machine;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The data caches of this machine: from the system, or from how fast blocks of each size load. */
public final class Caches {

  /** Two blocks in the same cache load at rates that differ by less than this. */
  private static final double SAME = 0.85;

  /** How far below the plateau a rate must fall, and stay, for the block to have left a cache. */
  private static final double LEFT = 0.80;

  private Caches() {}

  /** The caches of one core as Linux lists them, nearest first; empty where it does not. */
  public static List<Cache> listed() {
    return listed(Path.of("/sys/devices/system/cpu/cpu0/cache"));
  }

  static List<Cache> listed(Path folder) {
    List<Cache> caches = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "index*")) {
      for (Path entry : entries) {
        if (!read(entry.resolve("type")).equals("Instruction")) {
          long bytes = size(read(entry.resolve("size")));
          int level = Integer.parseInt(read(entry.resolve("level")));
          Path shared = entry.resolve("shared_cpu_list");
          caches.add(new Cache(level, bytes, Files.exists(shared) ? processors(read(shared)) : 0));
        }
      }
    } catch (IOException | NumberFormatException e) {
      return List.of();
    }
    caches.sort(Comparator.comparingInt(Cache::level));
    return List.copyOf(caches);
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file).strip();
  }

  /** Bytes of {@code 32K} or {@code 16M}. */
  static long size(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    int shift = upper.endsWith("K") ? 10 : upper.endsWith("M") ? 20 : upper.endsWith("G") ? 30 : 0;
    return Long.parseLong(shift == 0 ? upper : upper.substring(0, upper.length() - 1)) << shift;
  }

  /** How many processors a list such as {@code 0-3,8} names. */
  static int processors(String list) {
    int count = 0;
    for (String range : list.split(",", -1)) {
      int dash = range.indexOf('-');
      count +=
          dash < 0
              ? 1
              : Integer.parseInt(range.substring(dash + 1))
                  - Integer.parseInt(range.substring(0, dash))
                  + 1;
    }
    return count;
  }

  /**
   * The caches that a curve of load bandwidth shows. A plateau is a run of at least two blocks that
   * load at much the same rate. A cache ends at the last block that loads faster than the geometric
   * mean of its plateau and the next. The last plateau is memory, and no cache.
   *
   * @param bytes sizes of the blocks, ascending
   * @param rates GB/s of each
   */
  public static List<Cache> fromCurve(long[] bytes, double[] rates) {
    List<Integer> starts = new ArrayList<>();
    List<Double> plateaus = new ArrayList<>();
    int i = 0;
    while (i < rates.length) {
      double plateau = rates[i];
      int last = i;
      for (int j = i + 1; j < rates.length && rates[j] >= LEFT * plateau; j++) {
        plateau = Math.max(plateau, rates[j]);
        last = j;
      }
      // Slopes between two plateaus are none.
      if (last > i && rates[i + 1] >= SAME * rates[i]) {
        starts.add(i);
        plateaus.add(plateau);
      }
      i = last + 1;
    }
    List<Cache> caches = new ArrayList<>();
    for (int p = 0; p + 1 < plateaus.size(); p++) {
      double half = Math.sqrt(plateaus.get(p) * plateaus.get(p + 1));
      int end = starts.get(p);
      for (int j = end; j < starts.get(p + 1); j++) {
        if (rates[j] >= half) {
          end = j;
        }
      }
      caches.add(new Cache(p + 1, bytes[end], 0));
    }
    return List.copyOf(caches);
  }
}

package dev.unroll.bench.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CachesTest {

  @Test
  void readsWhatLinuxLists(@TempDir Path folder) throws IOException {
    index(folder, 0, "Data", 1, "48K", "0,4");
    index(folder, 1, "Instruction", 1, "32K", "0,4");
    index(folder, 2, "Unified", 2, "2M", "0-1,4-5");
    index(folder, 3, "Unified", 3, "32768K", "0-7");
    assertEquals(
        List.of(new Cache(1, 48 << 10, 2), new Cache(2, 2 << 20, 4), new Cache(3, 32 << 20, 8)),
        Caches.listed(folder));
  }

  private static void index(Path folder, int i, String type, int level, String size, String shared)
      throws IOException {
    Path entry = Files.createDirectory(folder.resolve("index" + i));
    Files.writeString(entry.resolve("type"), type + "\n");
    Files.writeString(entry.resolve("level"), level + "\n");
    Files.writeString(entry.resolve("size"), size + "\n");
    Files.writeString(entry.resolve("shared_cpu_list"), shared + "\n");
  }

  @Test
  void aMissingOrBrokenListIsEmpty(@TempDir Path folder) throws IOException {
    assertEquals(List.of(), Caches.listed(folder.resolve("none")));
    index(folder, 0, "Data", 1, "large", "0");
    assertEquals(List.of(), Caches.listed(folder));
  }

  /** The curve of a machine with 32 KiB, 512 KiB and 16 MiB, as it was measured. */
  @Test
  void readsCachesOffACurve() {
    long[] bytes = {
      8192, 12288, 16384, 24576, 32768, 49152, 65536, 98304, 131072, 196608, 262144, 393216, 524288,
      786432, 1048576, 1572864, 2097152, 3145728, 4194304, 6291456, 8388608, 12582912, 16777216,
      25165824, 33554432, 50331648
    };
    double[] rates = {
      183, 183, 184.17, 183.06, 142, 104.74, 101.02, 100.55, 102.62, 102.95, 103.87, 99.223, 81.997,
      76.261, 69.947, 78.605, 78.192, 71.093, 77.989, 74.51, 56.966, 37.512, 27.788, 20.591, 18.483,
      19.546
    };
    List<Cache> caches = Caches.fromCurve(bytes, rates);
    assertEquals(3, caches.size(), caches::toString);
    long[] sizes = {32 << 10, 512 << 10, 16 << 20};
    for (int i = 0; i < sizes.length; i++) {
      double ratio = (double) caches.get(i).bytes() / sizes[i];
      assertTrue(ratio >= 0.5 && ratio <= 1.5, () -> "size " + ratio + " of the true one");
    }
  }

  @Test
  void aFlatCurveShowsNoCache() {
    assertEquals(
        List.of(), Caches.fromCurve(new long[] {1, 2, 4, 8}, new double[] {10, 10.1, 9.9, 10}));
  }

  @Test
  void readsLimitsOfBothVersionsOfControlGroups(@TempDir Path folder) throws IOException {
    assertEquals(new Container(0, 0), Container.read(folder.resolve("none")));
    Files.writeString(folder.resolve("cpu.max"), "150000 100000\n");
    Files.writeString(folder.resolve("memory.max"), "max\n");
    assertEquals(new Container(1.5, 0), Container.read(folder));
    Path first = folder.resolve("first");
    Files.createDirectories(first.resolve("cpu"));
    Files.createDirectories(first.resolve("memory"));
    Files.writeString(first.resolve("cpu/cpu.cfs_quota_us"), "-1\n");
    Files.writeString(first.resolve("cpu/cpu.cfs_period_us"), "100000\n");
    Files.writeString(first.resolve("memory/memory.limit_in_bytes"), "1048576\n");
    assertEquals(new Container(0, 1 << 20), Container.read(first));
  }
}

package dev.unroll.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One file, several threads: what they read, interrupts, closing while they read. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SafetensorsThreadsTest {

  /** Some chunks. */
  private static final int LENGTH = 100_000;

  private static final int READERS = 4;

  @TempDir private Path directory;
  private Path path = Path.of("");

  @BeforeEach
  void write() throws IOException {
    path = directory.resolve("weights");
    SafetensorsWriter writer = Safetensors.writer();
    for (int i = 0; i < READERS; i++) {
      writer.add("w" + i, weights(i), LENGTH);
    }
    writer.write(path);
  }

  private static float[] weights(int tensor) {
    float[] values = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      values[i] = tensor * LENGTH + i;
    }
    return values;
  }

  private static List<Future<Integer>> readers(ExecutorService threads, Callable<Integer> reader) {
    List<Future<Integer>> all = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      all.add(threads.submit(reader));
    }
    return all;
  }

  @Test
  void threadsReadDifferentTensorsAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(READERS);
    try (Safetensors file = Safetensors.open(path)) {
      Callable<Integer> reader =
          () -> {
            for (int i = 0; i < 12; i++) {
              assertArrayEquals(weights(i % READERS), file.floats("w" + i % READERS));
            }
            return 12;
          };
      for (Future<Integer> each : readers(threads, reader)) {
        assertEquals(12, each.get());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** A channel would be closed for all by the first interrupt. */
  @Test
  void anInterruptDisturbsNobodyAndIsKept() throws Exception {
    ExecutorService others = Executors.newFixedThreadPool(READERS);
    AtomicBoolean over = new AtomicBoolean();
    try (Safetensors file = Safetensors.open(path)) {
      Callable<Integer> other =
          () -> {
            int reads = 0;
            while (!over.get()) {
              assertEquals(LENGTH, file.floats("w1").length);
              reads++;
            }
            return reads;
          };
      List<Future<Integer>> all = readers(others, other);
      CountDownLatch reading = new CountDownLatch(1);
      AtomicBoolean right = new AtomicBoolean();
      Thread interrupted =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      int kept = 0;
                      while (kept < 20) {
                        float[] values = file.floats("w2");
                        reading.countDown();
                        assertEquals(3 * LENGTH - 1, values[LENGTH - 1]);
                        kept += Thread.interrupted() ? 1 : 0;
                      }
                      // Before the call, too.
                      Thread.currentThread().interrupt();
                      assertArrayEquals(weights(3), file.floats("w3"));
                      right.set(Thread.interrupted());
                    } catch (IOException broken) {
                      throw new AssertionError(broken);
                    }
                  });
      assertTrue(reading.await(30, TimeUnit.SECONDS), "nobody read");
      while (interrupted.isAlive()) {
        interrupted.interrupt();
        Thread.sleep(0, 200_000);
      }
      over.set(true);
      assertTrue(right.get(), "an interrupted reader failed, or its interrupt was lost");
      for (Future<Integer> each : all) {
        assertTrue(each.get() > 0);
      }
    } finally {
      over.set(true);
      others.shutdownNow();
    }
  }

  @Test
  void closingWhileOthersReadEndsTheirCallsWholeOrThrows() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(READERS);
    try {
      for (int round = 0; round < 20; round++) {
        Safetensors file = Safetensors.open(path);
        float[] expected = weights(2);
        CountDownLatch begun = new CountDownLatch(READERS);
        Callable<Integer> reader =
            () -> {
              while (true) {
                begun.countDown();
                assertArrayEquals(expected, file.floats("w2"));
              }
            };
        List<Future<Integer>> all = readers(threads, reader);
        assertTrue(begun.await(30, TimeUnit.SECONDS));
        Thread.sleep(round % 4);
        file.close();
        for (Future<Integer> each : all) {
          String end = String.valueOf(assertThrows(ExecutionException.class, each::get).getCause());
          assertTrue(end.startsWith("java.io.IOException: "), end);
          assertTrue(end.contains("closed"), end);
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aFileWithinAnArchiveIsReadWhole() throws IOException {
    Path archive = directory.resolve("archive.zip");
    try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
      Files.copy(path, zip.getPath("/weights"));
    }
    Safetensors file;
    try (FileSystem zip = FileSystems.newFileSystem(archive)) {
      file = Safetensors.open(zip.getPath("/weights"));
    }
    assertArrayEquals(weights(1), file.floats("w1"));
    assertTrue(file.source().contains("/weights"), file::source);
    assertFalse(file.contains("w4"));
    file.close();
  }
}

package dev.unroll.bench.health;

import com.google.gson.Gson;
import dev.unroll.bench.fork.ChildJvm;
import dev.unroll.bench.probe.Spread;
import dev.unroll.bench.results.Curve;
import dev.unroll.bench.results.Measurement;
import dev.unroll.bench.results.Results;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * How long a fresh JVM needs to the first result of a kernel, and to 90 % of full speed; without
 * and with an ahead-of-time cache of JDK 25, which a training run of the same program has written.
 * Everything on the class path is in jars, since a cache cannot hold classes of directories.
 */
public final class Start {

  /** The group of the measurements and of the curves. */
  public static final String GROUP = "start";

  private static final double FULL_SPEED = 0.9;

  /** A block counts as up to speed when most of this many from it on are. */
  private static final int STEADY = 7;

  private static final int CURVE_POINTS = 60;

  private Start() {}

  /** Measures some kernels, which have been measured alone, in this many JVMs of each kind. */
  public static void measure(List<Headline> kernels, int forks, Results out) throws IOException {
    Path folder = Files.createTempDirectory("unroll-start");
    try {
      ChildJvm jvm = ChildJvm.likeThis();
      ChildJvm jarred = jvm.onClassPath(jars(jvm.classPath(), folder));
      for (Headline kernel : kernels) {
        double full =
            out.find(Alone.GROUP, kernel.title(), Alone.ALONE).map(Measurement::median).orElse(0.0);
        if (full == 0) {
          throw new IllegalArgumentException(kernel + " has not been measured alone");
        }
        String fast = String.valueOf(FULL_SPEED * full);
        List<FirstCalls.Seen> plain = new ArrayList<>();
        for (int i = 0; i < forks; i++) {
          plain.add(run(jarred, kernel, "JVM as it is", fast, folder, out));
        }
        curve(kernel, "JVM as it is", plain.getLast(), out);
        Path cache = folder.resolve(kernel.name() + ".aot");
        try {
          jarred
              .with("-XX:AOTCacheOutput=" + cache)
              .run(
                  FirstCalls.class,
                  kernel.name(),
                  folder.resolve("training.json").toString(),
                  fast);
        } catch (IOException e) {
          out.note("No ahead-of-time cache: the training run failed. " + firstLine(e));
          continue;
        }
        if (!Files.exists(cache)) {
          out.note("No ahead-of-time cache: this JVM wrote none.");
          continue;
        }
        FirstCalls.Seen last = null;
        for (int i = 0; i < forks; i++) {
          last = run(jarred.with("-XX:AOTCache=" + cache), kernel, "AOT cache", fast, folder, out);
        }
        if (last != null) {
          curve(kernel, "AOT cache", last, out);
        }
      }
    } finally {
      delete(folder);
    }
  }

  private static String firstLine(IOException e) {
    String message = String.valueOf(e.getMessage());
    String[] lines = message.split("\n", -1);
    return lines[lines.length - 1].isBlank() && lines.length > 1
        ? lines[lines.length - 2]
        : lines[lines.length - 1];
  }

  private static FirstCalls.Seen run(
      ChildJvm jvm, Headline kernel, String how, String fast, Path folder, Results out)
      throws IOException {
    Path file = folder.resolve("seen.json");
    long started = FirstCalls.micros(Instant.now());
    jvm.run(FirstCalls.class, kernel.name(), file.toString(), fast);
    FirstCalls.Seen seen = new Gson().fromJson(Files.readString(file), FirstCalls.Seen.class);
    double first = (seen.firstResult() - started) / 1e3;
    // The watch begins with the first call, whose end is the first result.
    double full =
        first
            - seen.millis()[0]
            + millisToFullSpeed(seen.millis(), seen.rates(), Double.parseDouble(fast));
    out.add(time(kernel.title() + ", to the first result", how, first));
    out.add(time(kernel.title() + ", to 90 % of full speed", how, full));
    return seen;
  }

  private static Measurement time(String subject, String how, double millis) {
    return Measurement.time(GROUP, subject, how, "ms", new double[] {millis});
  }

  /**
   * When a kernel was up to speed: the end of the first block that is fast and from which on most
   * of the next seven are; the end of the watch when there is none.
   */
  static double millisToFullSpeed(double[] millis, double[] rates, double fast) {
    for (int i = 0; i < rates.length; i++) {
      int next = Math.min(STEADY, rates.length - i);
      if (rates[i] >= fast && Spread.median(Arrays.copyOfRange(rates, i, i + next)) >= fast) {
        return millis[i];
      }
    }
    return millis[millis.length - 1];
  }

  /** The rates over time, medians of neighbours, the points denser at the start. */
  private static void curve(Headline kernel, String how, FirstCalls.Seen seen, Results out) {
    double[] millis = seen.millis();
    double[] rates = seen.rates();
    List<double[]> points = new ArrayList<>();
    double last = Math.log(millis[millis.length - 1]);
    double first = Math.log(millis[0]);
    int from = 0;
    for (int p = 1; p <= CURVE_POINTS && from < rates.length; p++) {
      double end = Math.exp(first + (last - first) * p / CURVE_POINTS);
      int to = from;
      while (to < rates.length && millis[to] <= end) {
        to++;
      }
      if (to > from) {
        points.add(
            new double[] {millis[to - 1], Spread.median(Arrays.copyOfRange(rates, from, to))});
        from = to;
      }
    }
    out.add(
        new Curve(
            GROUP,
            kernel.title() + ", " + how,
            "ms",
            out.find(Alone.GROUP, kernel.title(), Alone.ALONE).orElseThrow().unit(),
            points.stream().mapToDouble(p -> p[0]).toArray(),
            points.stream().mapToDouble(p -> p[1]).toArray()));
  }

  /** The class path with every directory packed into a jar. */
  private static String jars(List<String> classPath, Path folder) throws IOException {
    List<String> jars = new ArrayList<>();
    for (String entry : classPath) {
      Path path = Path.of(entry);
      if (Files.isDirectory(path)) {
        Path jar = folder.resolve("classes" + jars.size() + ".jar");
        pack(path, jar);
        jars.add(jar.toString());
      } else if (Files.exists(path)) {
        jars.add(path.toAbsolutePath().toString());
      }
    }
    return String.join(File.pathSeparator, jars);
  }

  private static void pack(Path directory, Path jar) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> files = Files.walk(directory)) {
      for (Path entry : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = directory.relativize(entry).toString().replace(File.separatorChar, '/');
        out.putNextEntry(new JarEntry(name));
        Files.copy(entry, out);
        out.closeEntry();
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .sorted((a, b) -> b.compareTo(a))
          .forEach(
              path -> {
                try {
                  Files.delete(path);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}

package dev.unroll.testing.jvm;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Options of HotSpot under which a program has to give the same bits. Flags that a CPU or a VM does
 * not have are ignored by it, so the list is the same everywhere.
 *
 * @param options as on the command line
 * @param compiled whether the code that is tried gets compiled by C2 as usual; where it does not, a
 *     program should repeat itself less, since vectors are objects then
 */
public record JvmConfiguration(List<String> options, boolean compiled) {

  private static final String VECTOR = "--add-modules=jdk.incubator.vector";

  /** Copies the list. */
  public JvmConfiguration {
    options = List.copyOf(options);
  }

  /** A configuration whose code is compiled by C2; the options are separated by blanks. */
  public static JvmConfiguration compiled(String options) {
    return new JvmConfiguration(split(options), true);
  }

  /** A configuration that interprets, compiles slowly or without C2. */
  public static JvmConfiguration slow(String options) {
    return new JvmConfiguration(split(options), false);
  }

  private static List<String> split(String options) {
    return options.isBlank() ? List.of() : List.of(options.strip().split("\\s+"));
  }

  /** The same with one more option. */
  public JvmConfiguration with(String option) {
    List<String> more = new ArrayList<>(options);
    more.add(option);
    return new JvmConfiguration(more, compiled);
  }

  /** The same with module {@code jdk.incubator.vector}. */
  public JvmConfiguration withVectors() {
    return with(VECTOR);
  }

  /** Nothing but the defaults. */
  public static JvmConfiguration standard() {
    return compiled("");
  }

  /** Levels of AVX and SVE, and widths of vectors. */
  public static List<JvmConfiguration> instructionSets() {
    return list(
        "-XX:UseAVX=3",
        "-XX:UseAVX=2",
        "-XX:UseAVX=1",
        "-XX:UseAVX=0",
        "-XX:UseSVE=0",
        "-XX:MaxVectorSize=32",
        "-XX:MaxVectorSize=16",
        "-XX:MaxVectorSize=8",
        "-XX:UseAVX=2 -XX:MaxVectorSize=16",
        "-XX:-UseFMA",
        "-XX:+UseKNLSetting");
  }

  /** What compiles, and when. */
  public static List<JvmConfiguration> compilers() {
    return List.of(
        compiled("-XX:TieredStopAtLevel=1"),
        compiled("-XX:-TieredCompilation"),
        compiled("-XX:-UseSuperWord"),
        slow("-Xcomp"),
        slow("-Xint"));
  }

  /** Garbage collectors, and the layout of objects. */
  public static List<JvmConfiguration> memory() {
    return list(
        "-XX:+UseSerialGC",
        "-XX:+UseParallelGC",
        "-XX:+UseZGC",
        "-XX:+UseShenandoahGC",
        "-XX:+UseCompactObjectHeaders",
        "-XX:-UseCompressedOops");
  }

  /** The bounds checks of vector accesses. */
  public static List<JvmConfiguration> vectorAccess() {
    return list(
        "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0",
        "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=1",
        "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=2");
  }

  /** A compiler that shuffles its work, from seeds that the options name. */
  public static List<JvmConfiguration> stress(RandomGenerator seeds) {
    List<JvmConfiguration> all = new ArrayList<>();
    for (String options :
        List.of(
            "-XX:+StressIGVN",
            "-XX:+StressLCM",
            "-XX:+StressGCM",
            "-XX:+StressCCP",
            "-XX:+StressIncrementalInlining",
            "-XX:+StressIGVN -XX:+StressCCP -XX:+StressLCM -XX:+StressGCM"
                + " -XX:+StressIncrementalInlining")) {
      int seed = seeds.nextInt(1, Integer.MAX_VALUE);
      all.add(compiled(options).with("-XX:StressSeed=" + seed));
    }
    return all;
  }

  /** All of the above. */
  public static List<JvmConfiguration> all(RandomGenerator seeds) {
    List<JvmConfiguration> all = new ArrayList<>();
    all.add(standard());
    all.addAll(instructionSets());
    all.addAll(compilers());
    all.addAll(memory());
    all.addAll(vectorAccess());
    all.addAll(stress(seeds));
    return all;
  }

  private static List<JvmConfiguration> list(String... options) {
    return List.of(options).stream().map(JvmConfiguration::compiled).toList();
  }

  /** The options, or that there are none. */
  @Override
  public String toString() {
    return options.isEmpty() ? "default" : String.join(" ", options);
  }
}

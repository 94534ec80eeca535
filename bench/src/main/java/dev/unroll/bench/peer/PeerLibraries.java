package dev.unroll.bench.peer;

import dev.unroll.bench.matmul.MatmulContender;
import dev.unroll.bench.recurrent.RecurrentContender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The native libraries that the build's {@code peers} profile has unpacked, if it has.
 *
 * <p>They come from the bytedeco presets on Maven Central, but only the shared objects are used:
 * they are called through {@code java.lang.foreign}, whose call costs less than the presets' JNI,
 * and whose symbol look-up asks one library by its handle, so that two libraries that both export
 * {@code cblas_sgemm} cannot answer for each other.
 */
public final class PeerLibraries {

  /** System property that names the directory with the unpacked libraries. */
  public static final String DIRECTORY_PROPERTY = "dev.unroll.bench.peers";

  /** The name under which Deeplearning4j takes part. */
  public static final String DEEPLEARNING4J = "Deeplearning4j";

  private PeerLibraries() {}

  /** The directory with the unpacked libraries; it need not exist. */
  static Path directory() {
    String given = System.getProperty(DIRECTORY_PROPERTY);
    if (given != null) {
      return Path.of(given);
    }
    Path inModule = Path.of("target", "peers");
    return Files.isDirectory(inModule) ? inModule : Path.of("bench", "target", "peers");
  }

  /** Directory of one preset's shared objects on this platform. */
  static Path preset(String name) {
    return directory().resolve(Path.of("org", "bytedeco", name, platform()));
  }

  private static String platform() {
    String os = System.getProperty("os.name").startsWith("Linux") ? "linux" : "other";
    String arch = System.getProperty("os.arch");
    return os + "-" + (arch.equals("amd64") ? "x86_64" : arch);
  }

  /** Whether at least one peer is there. */
  public static boolean present() {
    return OpenBlas.present() || Mkl.present() || OneDnn.present() || !JavaPeers.all().isEmpty();
  }

  /**
   * One line for each peer that multiplies matrices: version, chosen kernel, threading.
   *
   * @param threads how many each of them uses in this process
   */
  public static List<String> describeMatmul(int threads) {
    List<String> lines = new ArrayList<>();
    NativeCalls.prepareEnvironment(threads);
    if (OpenBlas.present()) {
      lines.add(OpenBlas.describe());
    }
    if (Mkl.present()) {
      lines.add(Mkl.describe());
    }
    if (OneDnn.present()) {
      lines.add(OneDnn.describe());
    }
    JavaPeers.all().stream()
        .filter(peer -> !peer.matmulContenders().isEmpty())
        .forEach(peer -> lines.add(peer.describe(threads)));
    return lines;
  }

  /**
   * One line for each peer that runs recurrent layers; the other libraries are not even loaded.
   *
   * @param threads how many each of them uses in this process
   */
  public static List<String> describeRecurrent(int threads) {
    List<String> lines = new ArrayList<>();
    NativeCalls.prepareEnvironment(threads);
    JavaPeers.all().stream()
        .filter(peer -> !peer.recurrentContenders().isEmpty())
        .forEach(peer -> lines.add(peer.describe(threads)));
    if (OneDnn.present()) {
      lines.add(OneDnn.describe());
    }
    return lines;
  }

  /**
   * Every way of multiplying that the peers offer, those of absent libraries left out.
   *
   * @param threads how many each of them uses in this process
   */
  public static List<MatmulContender> matmulContenders(int threads) {
    List<MatmulContender> contenders = new ArrayList<>();
    NativeCalls.prepareEnvironment(threads);
    if (OpenBlas.present()) {
      contenders.addAll(OpenBlas.contenders());
    }
    if (Mkl.present()) {
      contenders.addAll(Mkl.contenders());
    }
    if (OneDnn.present()) {
      contenders.addAll(OneDnn.contenders());
    }
    JavaPeers.all().forEach(peer -> contenders.addAll(peer.matmulContenders()));
    return contenders;
  }

  /**
   * Every way of running a recurrent layer that the peers offer.
   *
   * @param threads how many each of them uses in this process
   */
  public static List<RecurrentContender> recurrentContenders(int threads) {
    List<RecurrentContender> contenders = new ArrayList<>();
    NativeCalls.prepareEnvironment(threads);
    JavaPeers.all().forEach(peer -> contenders.addAll(peer.recurrentContenders()));
    if (OneDnn.present()) {
      contenders.addAll(OneDnn.recurrentContenders());
    }
    return contenders;
  }

  /**
   * For each of the peers that run recurrent layers, a call that computes nothing.
   *
   * @param threads how many each of them uses in this process
   */
  public static List<EmptyCall> emptyCalls(int threads) {
    List<EmptyCall> calls = new ArrayList<>();
    NativeCalls.prepareEnvironment(threads);
    JavaPeers.all().forEach(peer -> calls.addAll(peer.emptyCalls(threads)));
    if (OneDnn.present()) {
      calls.add(OneDnn.emptyCall());
    }
    return calls;
  }
}

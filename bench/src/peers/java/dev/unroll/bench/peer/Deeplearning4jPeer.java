package dev.unroll.bench.peer;

import dev.unroll.bench.recurrent.RecurrentContender;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.common.config.ND4JSystemProperties;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Deeplearning4j on ND4J's native backend, products by the OpenBLAS that it brings. The native
 * libraries come from Maven artifacts and are unpacked next to the other peers; nothing is
 * downloaded at run time.
 */
public final class Deeplearning4jPeer implements JavaPeers {

  static final String NAME = PeerLibraries.DEEPLEARNING4J;

  @Override
  public String describe(int threads) {
    threads(threads);
    return NAME
        + ": "
        + version()
        + ", ND4J "
        + Nd4j.getBackend().getClass().getSimpleName()
        + ", OpenMP threads "
        + Holder.OPS.ompGetMaxThreads();
  }

  /** As its artifact has it: neither its manifest nor its own version check knows. */
  private static String version() {
    String file = "/META-INF/maven/org.deeplearning4j/deeplearning4j-nn/pom.properties";
    Properties properties = new Properties();
    try (InputStream in = MultiLayerNetwork.class.getResourceAsStream(file)) {
      properties.load(Objects.requireNonNull(in, file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  @Override
  public List<RecurrentContender> recurrentContenders() {
    return List.of(new Deeplearning4jLayer());
  }

  @Override
  public List<EmptyCall> emptyCalls(int threads) {
    threads(threads);
    INDArray one = Nd4j.zeros(DataType.FLOAT, 1);
    return List.of(new EmptyCall(NAME, "add to an array of one number", () -> one.addi(1)));
  }

  /** Those of ND4J's own loops and of its OpenBLAS. */
  static void threads(int threads) {
    Holder.OPS.setOmpNumThreads(threads);
    Nd4j.getEnvironment().setMaxThreads(threads);
    Nd4j.getEnvironment().setMaxMasterThreads(threads);
    Nd4j.factory().blas().setMaxThreads(threads);
  }

  /** Loaded when first used: ND4J reads its properties once. */
  private static final class Holder {
    static final NativeOps OPS;

    static {
      Path cache = PeerLibraries.directory().resolve("javacpp").toAbsolutePath();
      System.setProperty("org.bytedeco.javacpp.cachedir", cache.toString());
      // All that this process has counts, other contenders' too; beyond a limit it would collect
      // garbage while they are timed.
      System.setProperty("org.bytedeco.javacpp.maxphysicalbytes", "0");
      System.setProperty(ND4JSystemProperties.LOG_INITIALIZATION, "false");
      Nd4j.getMemoryManager().togglePeriodicGc(false);
      OPS = NativeOpsHolder.getInstance().getDeviceNativeOps();
    }
  }
}

package dev.unroll.bench.peer;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import dev.unroll.bench.recurrent.RecurrentContender;
import java.nio.file.Path;
import java.util.List;

/**
 * PyTorch through DJL: the same {@code at::lstm}, {@code at::gru} and {@code at::rnn_tanh} that
 * {@code torch.nn} calls, and its automatic differentiation. The native libraries come from Maven
 * artifacts and are unpacked next to the other peers; nothing is downloaded at run time.
 */
public final class PyTorchPeer implements JavaPeers {

  static final String NAME = "PyTorch";

  @Override
  public String describe(int threads) {
    return NAME
        + ": "
        + Holder.ENGINE.getVersion()
        + " through DJL "
        + Engine.getDjlVersion()
        + ", intra-op threads "
        + threads;
  }

  @Override
  public List<RecurrentContender> recurrentContenders() {
    return List.of(new PyTorchLayer());
  }

  @Override
  @SuppressWarnings("MustBeClosedChecker") // Lives as long as the process.
  public List<EmptyCall> emptyCalls(int threads) {
    threads(threads);
    PtNDArray one = (PtNDArray) manager().zeros(new ai.djl.ndarray.types.Shape(1));
    return List.of(
        new EmptyCall(NAME, "torch::is_grad_enabled through JNI", JniUtils::isGradMode),
        new EmptyCall(NAME, "add of one number through DJL", () -> one.addi(1)));
  }

  /** A manager of native tensors. */
  static NDManager manager() {
    return Holder.ENGINE.newBaseManager(Device.cpu());
  }

  static void threads(int threads) {
    Holder.ENGINE.getVersion();
    JniUtils.setNumThreads(threads);
  }

  /** Loaded when first used: the engine reads its properties once. */
  private static final class Holder {
    static final Engine ENGINE;

    static {
      Path cache = PeerLibraries.directory().resolve("djl").toAbsolutePath();
      System.setProperty("ai.djl.offline", "true");
      System.setProperty("OPT_OUT_TRACKING", "true");
      System.setProperty("DJL_CACHE_DIR", cache.toString());
      System.setProperty("ENGINE_CACHE_DIR", cache.toString());
      System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
      ENGINE = Engine.getEngine("PyTorch");
    }
  }
}

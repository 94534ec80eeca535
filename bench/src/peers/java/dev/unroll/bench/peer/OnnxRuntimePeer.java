package dev.unroll.bench.peer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.unroll.bench.recurrent.RecurrentContender;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;

/**
 * ONNX Runtime through its Java interface, CPU provider, with all graph optimisations and as many
 * threads inside an operator as asked for, which spin while they wait, as its guide recommends.
 * Inputs and outputs live in native memory that the calls share, so that nothing is copied.
 */
public final class OnnxRuntimePeer implements JavaPeers {

  static final String NAME = "ONNX Runtime";

  @Override
  public String describe(int threads) {
    return NAME
        + ": "
        + OrtEnvironment.getEnvironment().getVersion()
        + ", CPU provider, intra-op threads "
        + threads;
  }

  @Override
  public List<RecurrentContender> recurrentContenders() {
    return List.of(new OnnxRuntimeLayer());
  }

  @Override
  public List<EmptyCall> emptyCalls(int threads) {
    try {
      OrtSession session = session(OnnxModel.identity(), threads);
      Map<String, OnnxTensor> inputs = Map.of(OnnxModel.X, tensor(floats(1), 1));
      Map<String, OnnxTensor> outputs = Map.of(OnnxModel.Y, tensor(floats(1), 1));
      return List.of(
          new EmptyCall(
              NAME, "OrtSession.run of an identity", () -> run(session, inputs, outputs)));
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  static OrtSession session(byte[] model, int threads) throws OrtException {
    try (SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
      options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
      options.addConfigEntry("session.intra_op.allow_spinning", "1");
      return OrtEnvironment.getEnvironment().createSession(model, options);
    }
  }

  /** Native memory that a tensor can share. */
  static FloatBuffer floats(int count) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(Float.BYTES, count))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  /** A tensor over a part of a buffer, which it keeps sharing. */
  static OnnxTensor tensor(FloatBuffer memory, long... shape) throws OrtException {
    return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), memory, shape);
  }

  static void run(
      OrtSession session, Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {
    try {
      // The outputs are given, and stay open: the result owns nothing else.
      session.run(inputs, outputs).close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}

package dev.unroll.bench.lstm;

import dev.unroll.cell.Lstm;
import dev.unroll.cell.LstmGateOrder;
import dev.unroll.cell.LstmWeights;
import dev.unroll.cell.SequenceLayout;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Our layer, over the whole sequence or step by step. */
public final class UnrollLstm implements LstmContender {

  private final boolean stepwise;
  private LstmShape shape = new LstmShape(1, 1, 1, 1);
  private @Nullable Lstm layer;
  private float[] x = {};
  private float[] y = {};
  private float[] h = {};
  private float[] c = {};

  public UnrollLstm(boolean stepwise) {
    this.stepwise = stepwise;
  }

  @Override
  public String name() {
    return stepwise ? "Unroll, step by step" : "Unroll";
  }

  @Override
  public void prepare(LstmData data) {
    shape = data.shape();
    layer =
        Lstm.of(
            LstmWeights.pack(
                LstmGateOrder.IFGO,
                shape.inputs(),
                shape.units(),
                data.inputWeights,
                data.recurrentWeights,
                data.bias,
                null));
    x = data.x;
    y = data.outputs(shape.steps());
    h = data.outputs(1);
    c = data.outputs(1);
  }

  @Override
  public void run() {
    Lstm lstm = Objects.requireNonNull(layer, "prepare comes first");
    Arrays.fill(h, 0f);
    Arrays.fill(c, 0f);
    int batch = shape.batch();
    if (stepwise) {
      for (int t = 0; t < shape.steps(); t++) {
        lstm.step(batch, x, t * batch * shape.inputs(), h, 0, c, 0);
        System.arraycopy(h, 0, y, t * h.length, h.length);
      }
    } else {
      lstm.forward(SequenceLayout.TIME_MAJOR, shape.steps(), batch, x, 0, y, 0, h, 0, c, 0);
    }
  }

  @Override
  public float[] outputs() {
    return y.clone();
  }
}

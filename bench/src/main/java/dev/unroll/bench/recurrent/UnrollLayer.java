package dev.unroll.bench.recurrent;

import dev.unroll.cell.CellSpec;
import dev.unroll.cell.CellTrainer;
import dev.unroll.cell.PackedCell;
import dev.unroll.cell.SequenceLayout;
import dev.unroll.cell.WeightFormat;
import dev.unroll.cell.WeightSet;
import dev.unroll.cell.WeightStorage;
import dev.unroll.kernel.Parallelism;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Our own layer. In training the weights are packed once, before the clock starts, as the peers'
 * are.
 */
public final class UnrollLayer implements RecurrentContender {

  /** The name that this contender gives as its library. */
  public static final String LIBRARY = "Unroll";

  /** The name of the one whose weights are stored as bfloat16. */
  public static final String HALF = "Unroll bf16";

  private final WeightStorage storage;
  private Task task = new Task(Cell.LSTM, new LayerShape(1, 1, 1, 1), Pass.FORWARD, 1);
  private Parallelism parallelism = Parallelism.none();
  private dev.unroll.cell.@Nullable Cell cell;
  private @Nullable CellTrainer trainer;
  private @Nullable WeightSet gradients;
  private float[] x = {};
  private float[] y = {};
  private float[] h = {};
  private float @Nullable [] c;
  private float[] dy = {};
  private float[] dx = {};
  private float[] dh = {};
  private float @Nullable [] dc;
  private int next;

  /** A layer with weights as they are. */
  public UnrollLayer() {
    this(WeightStorage.FLOAT32);
  }

  /** A layer with weights stored in this way; only inference has a choice. */
  public UnrollLayer(WeightStorage storage) {
    this.storage = storage;
  }

  @Override
  public String library() {
    return storage == WeightStorage.BFLOAT16 ? HALF : LIBRARY;
  }

  @Override
  public String variant() {
    return task.pass() == Pass.TRAINING ? "CellTrainer" : "Cell";
  }

  @Override
  public boolean javaCode() {
    return true;
  }

  @Override
  public boolean accepts(Task wanted) {
    return storage == WeightStorage.FLOAT32 || wanted.pass() != Pass.TRAINING;
  }

  @Override
  public void prepare(Task newTask, Layer layer) {
    close();
    task = newTask;
    LayerShape shape = task.shape();
    parallelism = task.threads() == 1 ? Parallelism.none() : Parallelism.pool(task.threads());
    CellSpec spec = spec(layer);
    WeightSet weights = weights(spec, layer);
    cell = null;
    trainer = null;
    if (task.pass() == Pass.TRAINING) {
      trainer = CellTrainer.of(spec, parallelism);
      trainer.load(weights);
      gradients = WeightSet.zeros(spec);
      dx = new float[layer.x().length];
    } else {
      cell = dev.unroll.cell.Cell.of(PackedCell.pack(weights, storage), parallelism);
    }
    x = layer.x();
    dy = layer.dy();
    y = new float[task.pass() == Pass.STEP ? 0 : shape.steps() * layer.states()];
    h = new float[layer.states()];
    dh = new float[layer.states()];
    c = spec.hasCell() ? new float[layer.states()] : null;
    dc = spec.hasCell() ? new float[layer.states()] : null;
    next = 0;
  }

  /** The weights of a layer, for a cell of its kind and sizes with any options. */
  static WeightSet weights(CellSpec spec, Layer layer) {
    return WeightSet.of(
        spec, WeightFormat.PYTORCH, layer.w(), layer.r(), layer.inputBias(), layer.recurrentBias());
  }

  static CellSpec spec(Layer layer) {
    int inputs = layer.shape().inputs();
    int units = layer.shape().units();
    return switch (layer.cell()) {
      case LSTM -> CellSpec.lstm(inputs, units);
      case GRU -> CellSpec.gru(inputs, units);
      case RNN -> CellSpec.elman(inputs, units);
    };
  }

  @Override
  public void run() {
    if (next == 0) {
      zero(h, c);
    }
    int batch = task.shape().batch();
    int steps = task.shape().steps();
    switch (task.pass()) {
      case FORWARD ->
          Objects.requireNonNull(cell).forward(SequenceLayout.TIME_MAJOR, steps, batch, x, y, h, c);
      case STEP -> {
        Objects.requireNonNull(cell)
            .step(batch, x, next * batch * task.shape().inputs(), h, 0, c, 0);
        next = next + 1 == steps ? 0 : next + 1;
      }
      case TRAINING -> {
        CellTrainer training = Objects.requireNonNull(trainer);
        training.forward(SequenceLayout.TIME_MAJOR, steps, batch, x, y, h, c);
        zero(dh, dc);
        training.backward(
            x, 0, dy, 0, dh, 0, dc, 0, dx, 0, Objects.requireNonNull(gradients), false);
      }
    }
  }

  static void zero(float[] first, float @Nullable [] second) {
    Arrays.fill(first, 0f);
    if (second != null) {
      Arrays.fill(second, 0f);
    }
  }

  @Override
  public float[] outputs() {
    return task.pass() == Pass.STEP ? h.clone() : y.clone();
  }

  @Override
  public Gradients gradients() {
    WeightSet d = Objects.requireNonNull(gradients);
    return new Gradients(
        dx.clone(),
        d.inputWeights().clone(),
        d.recurrentWeights().clone(),
        Objects.requireNonNull(d.inputBias()).clone(),
        Objects.requireNonNull(d.recurrentBias()).clone());
  }

  @Override
  public void close() {
    parallelism.close();
  }
}

package dev.unroll.bench.recurrent;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is wrong must not be timed. */
class ProofTest {

  private static final LayerShape SHAPE = new LayerShape(6, 4, 5, 7);

  @ParameterizedTest
  @EnumSource
  void theLoopsAreRight(Cell cell) {
    for (Pass pass : Pass.values()) {
      Proof proof = new Proof(new Task(cell, SHAPE, pass, 1));
      assertDoesNotThrow(() -> proof.prepareAndCheck(new NaiveLayer()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void ourLayersAreRight(Cell cell) {
    for (Pass pass : Pass.values()) {
      for (int threads = 1; threads <= 2; threads++) {
        Task task = new Task(cell, SHAPE, pass, threads);
        UnrollLayer ours = new UnrollLayer();
        if (ours.accepts(task)) {
          assertDoesNotThrow(() -> new Proof(task).prepareAndCheck(ours));
          ours.close();
        }
      }
    }
  }

  /** Other gate orders and dialects are no other accuracy: they are other layers. */
  @ParameterizedTest
  @EnumSource(names = {"LSTM", "GRU"})
  void anotherOrderOfGatesIsRefused(Cell cell) {
    Proof proof = new Proof(new Task(cell, SHAPE, Pass.FORWARD, 1));
    RecurrentContender swapped =
        new Tampered() {
          @Override
          public void prepare(Task task, Layer layer) {
            int[] order = cell == Cell.LSTM ? new int[] {1, 0, 2, 3} : new int[] {1, 0, 2};
            super.prepare(
                task,
                new Layer(
                    cell,
                    layer.shape(),
                    layer.reordered(layer.w(), layer.shape().inputs(), order),
                    layer.reordered(layer.r(), layer.shape().units(), order),
                    layer.inputBias(),
                    layer.recurrentBias(),
                    layer.x(),
                    layer.dy()));
          }
        };
    refused(proof, swapped);
  }

  /** A GRU whose biases are summed resets less than it should. */
  @Test
  void aGruWithOneBiasIsRefused() {
    Proof proof = new Proof(new Task(Cell.GRU, SHAPE, Pass.FORWARD, 1));
    RecurrentContender summed =
        new Tampered() {
          @Override
          public void prepare(Task task, Layer layer) {
            super.prepare(
                task,
                new Layer(
                    layer.cell(),
                    layer.shape(),
                    layer.w(),
                    layer.r(),
                    layer.bias(),
                    new float[layer.recurrentBias().length],
                    layer.x(),
                    layer.dy()));
          }
        };
    refused(proof, summed);
  }

  @Test
  void oneWrongElementIsRefusedAlsoBeyondTheStepsOfTheReference() {
    Proof proof = new Proof(new Task(Cell.RNN, SHAPE, Pass.FORWARD, 1));
    proof.prepareAndCheck(new NaiveLayer());
    refused(
        proof,
        new Tampered() {
          @Override
          public float[] outputs() {
            float[] y = super.outputs();
            if (y.length == 6 * 4 * 7) {
              y[y.length - 1] += 1e-3f;
            }
            return y;
          }
        });
  }

  @Test
  void notANumberIsRefused() {
    refused(
        new Proof(new Task(Cell.LSTM, SHAPE, Pass.FORWARD, 1)),
        new Tampered() {
          @Override
          public float[] outputs() {
            float[] y = super.outputs();
            y[0] = Float.NaN;
            return y;
          }
        });
  }

  private static void refused(Proof proof, RecurrentContender wrong) {
    IllegalStateException thrown =
        assertThrows(IllegalStateException.class, () -> proof.prepareAndCheck(wrong));
    String message = String.valueOf(thrown.getMessage());
    assertTrue(message.contains("tampered"), message);
  }

  /** The loops, until a test changes something. */
  private static class Tampered implements RecurrentContender {
    private final NaiveLayer loops = new NaiveLayer();

    @Override
    public String library() {
      return "tampered";
    }

    @Override
    public String variant() {
      return "loops";
    }

    @Override
    public boolean accepts(Task task) {
      return loops.accepts(task);
    }

    @Override
    public void prepare(Task task, Layer layer) {
      loops.prepare(task, layer);
    }

    @Override
    public void run() {
      loops.run();
    }

    @Override
    public float[] outputs() {
      return loops.outputs();
    }

    @Override
    public void close() {
      loops.close();
    }
  }
}

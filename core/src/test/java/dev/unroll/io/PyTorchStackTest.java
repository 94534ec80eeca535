package dev.unroll.io;

import static dev.unroll.io.SafetensorsTest.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.unroll.cell.CellSpec;
import dev.unroll.kernel.Activation;
import dev.unroll.layer.StackSpec;
import dev.unroll.layer.StackWeights;
import dev.unroll.testing.data.Fill;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Whole modules: what kind they are, how many layers and directions, and what may not be. */
final class PyTorchStackTest {

  private final SafetensorsWriter writer = Safetensors.writer();

  private void add(String name, int... shape) {
    int length = 1;
    long[] sizes = new long[shape.length];
    for (int i = 0; i < shape.length; i++) {
      length *= shape[i];
      sizes[i] = shape[i];
    }
    writer.add("net." + name, Fill.MODERATE.array(length, name.hashCode()), sizes);
  }

  /** G gates of H units over I inputs, P outputs. */
  private void part(String suffix, int gates, int inputs, int units, int outputs) {
    add("weight_ih" + suffix, gates * units, inputs);
    add("weight_hh" + suffix, gates * units, outputs);
    if (outputs != units) {
      add("weight_hr" + suffix, outputs, units);
    }
  }

  private void biases(String suffix, int rows) {
    add("bias_ih" + suffix, rows);
    add("bias_hh" + suffix, rows);
  }

  private Safetensors file() throws IOException {
    return Safetensors.of(writer.toBytes());
  }

  @Test
  void readsAProjectedLstmInBothDirections() throws IOException {
    for (int layer = 0; layer < 2; layer++) {
      for (String direction : new String[] {"", "_reverse"}) {
        String suffix = "_l" + layer + direction;
        part(suffix, 4, layer == 0 ? 3 : 4, 5, 2);
        biases(suffix, 20);
      }
    }
    Safetensors file = file();
    StackWeights weights = PyTorch.stack(file, "net.");
    assertEquals(
        StackSpec.of(CellSpec.lstm(3, 5).withProjection(2), 2)
            .bidirectional(StackSpec.Merge.CONCATENATE),
        weights.spec());
    assertArrayEquals(file.floats("net.weight_hr_l1_reverse"), weights.part(3).projection());
    assertArrayEquals(file.floats("net.weight_hh_l1"), weights.part(2).recurrentWeights());
    assertArrayEquals(file.floats("net.bias_hh_l0_reverse"), weights.part(1).recurrentBias());
  }

  @Test
  void readsAGruWithoutBiases() throws IOException {
    part("_l0", 3, 7, 4, 4);
    part("_l1", 3, 4, 4, 4);
    part("_l2", 3, 4, 4, 4);
    assertEquals(
        StackSpec.of(CellSpec.gru(7, 4).withBias(CellSpec.Bias.NONE), 3),
        PyTorch.stack(file(), "net.").spec());
  }

  @Test
  void anRnnNeedsItsNonlinearity() throws IOException {
    part("_l0", 1, 7, 4, 4);
    biases("_l0", 4);
    assertEquals(
        StackSpec.of(CellSpec.elman(7, 4).withActivation(Activation.RELU), 1),
        PyTorch.stack(file(), "net.", Activation.RELU).spec());
    assertMessage(() -> PyTorch.stack(file(), "net."), "weight_hh_l0", "nonlinearity");
  }

  @Test
  void refusesWhatIsNoModule() throws IOException {
    part("_l0", 3, 7, 4, 4);
    biases("_l0", 12);
    part("_l1", 3, 4, 4, 4);
    assertMessage(() -> PyTorch.stack(file(), "net."), "bias_ih_l1", "in all layers");
    assertMessage(() -> PyTorch.stack(file(), "other."), "other.weight_ih_l0");
    SafetensorsWriter odd = Safetensors.writer();
    odd.add("weight_ih_l0", new float[10], 5, 2).add("weight_hh_l0", new float[10], 5, 2);
    assertMessage(() -> PyTorch.stack(Safetensors.of(odd.toBytes()), ""), "weight_hh_l0", "units");
  }
}

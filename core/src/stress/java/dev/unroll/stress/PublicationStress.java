package dev.unroll.stress;

import dev.unroll.cell.Cell;
import dev.unroll.cell.CellSpec;
import dev.unroll.cell.PackedCell;
import dev.unroll.cell.WeightSet;
import dev.unroll.io.Safetensors;
import dev.unroll.io.SafetensorsException;
import dev.unroll.kernel.Activation;
import dev.unroll.kernel.Matmul;
import dev.unroll.kernel.PackedMatrix;
import java.io.IOException;
import java.util.Arrays;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * What is immutable may be handed to another thread by a race: who sees it at all sees all of it.
 */
public class PublicationStress {

  private static final int NOT_YET = -1;

  private PublicationStress() {}

  /** A packed matrix, read by a product. */
  @JCStressTest
  @State
  @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "not seen yet")
  @Outcome(id = "6", expect = Expect.ACCEPTABLE, desc = "seen whole")
  @Outcome(expect = Expect.FORBIDDEN, desc = "seen in parts")
  public static class OfAPackedMatrix {
    private final Matmul plan = Matmul.plain();
    private final float[] a = {2};
    private final float[] c = new float[1];
    private PackedMatrix shared;

    @Actor
    public void packs() {
      shared = PackedMatrix.pack(1, 1, false, new float[] {3}, 0, 1);
    }

    @Actor
    public void multiplies(I_Result r) {
      PackedMatrix b = shared;
      if (b == null) {
        r.r1 = NOT_YET;
        return;
      }
      plan.multiply(1, a, 0, 1, b, c, 0, 1);
      r.r1 = (int) c[0];
    }
  }

  /** A packed cell of one unit, read by a step: h = relu(2 x + 2 h + 2 + 2). */
  @JCStressTest
  @State
  @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "not seen yet")
  @Outcome(id = "8", expect = Expect.ACCEPTABLE, desc = "seen whole")
  @Outcome(expect = Expect.FORBIDDEN, desc = "seen in parts")
  public static class OfAPackedCell {
    private static final CellSpec SPEC = CellSpec.elman(1, 1).withActivation(Activation.RELU);

    private final float[] x = {1};
    private final float[] h = {1};
    private PackedCell shared;

    @Actor
    public void packs() {
      WeightSet weights = WeightSet.zeros(SPEC);
      weights.arrays().forEach(array -> Arrays.fill(array, 2f));
      shared = PackedCell.pack(weights);
    }

    @Actor
    public void steps(I_Result r) {
      PackedCell cell = shared;
      if (cell == null) {
        r.r1 = NOT_YET;
        return;
      }
      Cell.of(cell).step(1, x, 0, h, 0, null, 0);
      r.r1 = (int) h[0];
    }
  }

  /** A file in memory: what its header says, and the data. */
  @JCStressTest
  @State
  @Outcome(id = "-1", expect = Expect.ACCEPTABLE, desc = "not seen yet")
  @Outcome(id = "5", expect = Expect.ACCEPTABLE, desc = "seen whole")
  @Outcome(expect = Expect.FORBIDDEN, desc = "seen in parts")
  public static class OfAFile {
    private static final byte[] BYTES = bytes();

    private Safetensors shared;

    private static byte[] bytes() {
      try {
        return Safetensors.writer().add("w", new float[] {5}, 1).toBytes();
      } catch (SafetensorsException impossible) {
        throw new AssertionError(impossible);
      }
    }

    @Actor
    public void opens() {
      try {
        shared = Safetensors.of(BYTES);
      } catch (SafetensorsException impossible) {
        throw new AssertionError(impossible);
      }
    }

    @Actor
    public void reads(I_Result r) {
      Safetensors file = shared;
      if (file == null) {
        r.r1 = NOT_YET;
        return;
      }
      try {
        r.r1 = (int) file.floats("w")[0];
      } catch (IOException impossible) {
        throw new AssertionError(impossible);
      }
    }
  }
}

package dev.unroll.cell;

import static dev.unroll.cell.SequenceLayout.BATCH_MAJOR;
import static dev.unroll.cell.SequenceLayout.TIME_MAJOR;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.unroll.flow.GradientNorms;
import dev.unroll.kernel.Parallelism;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** No call allocates in steady state, of any kind of cell. */
@Tag("once")
final class CellAllocationTest {

  private static final int STEPS = 6;
  private static final int BATCH = 3;

  /** One plan and one trainer of a cell, with all their arrays. */
  private static final class Calls {
    final CellCase q;
    final Cell plan;
    final CellTrainer trainer;
    final WeightSet weights;
    final WeightSet gradients;
    final float[] x;
    final float[] y;
    final float[] dx;
    final float[] dy;
    final float[] h;
    final float @Nullable [] c;
    final float[] dh;
    final float @Nullable [] dc;
    final GradientNorms norms = new GradientNorms(STEPS);
    long seed;

    Calls(CellSpec spec, Parallelism threads) {
      q = CellCase.of(spec, STEPS, BATCH);
      weights = q.weights();
      plan = Cell.of(PackedCell.pack(weights), threads);
      trainer = CellTrainer.of(spec, threads);
      gradients = WeightSet.zeros(spec);
      x = q.x();
      y = new float[q.rows() * q.outputs()];
      dx = new float[x.length];
      dy = q.dy();
      h = q.h0();
      c = spec.hasCell() ? q.c0() : null;
      dh = q.dh();
      dc = spec.hasCell() ? q.dc() : null;
    }

    void all() {
      plan.forward(TIME_MAJOR, STEPS, BATCH, x, y, h, c);
      plan.forward(BATCH_MAJOR, STEPS, BATCH, x, y, h, c);
      plan.step(BATCH, x, 0, h, 0, c, 0);
      plan.step(1, x, 0, h, 0, c, 0);
      trainer.load(weights);
      trainer.masks(++seed, 0, 0).checkpointEvery(2).truncateEvery(3);
      trainer.forward(BATCH_MAJOR, STEPS, BATCH, x, y, h, c);
      trainer.backward(x, 0, dy, 0, dh, 0, dc, 0, dx, 0, gradients, true);
      trainer.checkpointEvery(0).truncateEvery(0);
      trainer.forward(TIME_MAJOR, STEPS, BATCH, x, y, h, c);
      trainer.backward(x, 0, dy, 0, dh, 0, dc, 0, dx, 0, gradients, false);
      trainer.probe(norms);
      trainer.forward(TIME_MAJOR, STEPS, BATCH, x, y, h, c);
      trainer.backward(x, 0, dy, 0, dh, 0, dc, 0, dx, 0, gradients, false);
      trainer.probe(null);
    }
  }

  @Test
  void nothingIsAllocated() {
    List<Calls> all = new ArrayList<>();
    for (CellSpec spec : CellSpecs.few(7, 20, 9)) {
      all.add(new Calls(spec, Parallelism.none()));
      all.add(new Calls(CellSpecs.stochastic(spec, 3, 0.25f), Parallelism.none()));
    }
    assertNoAllocation(all);
  }

  @Test
  void nothingIsAllocatedWithAPool() {
    try (Parallelism pool = Parallelism.pool(2)) {
      List<Calls> all = new ArrayList<>();
      for (CellSpec spec : CellSpecs.few(7, 20, 9)) {
        all.add(new Calls(spec, pool));
      }
      assertNoAllocation(all);
    }
  }

  /**
   * In steady state no thread allocates. Until C2 has compiled a kernel its vectors are objects, so
   * the state has to be reached first.
   */
  private static void assertNoAllocation(List<Calls> all) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long deadline = System.nanoTime() + 30_000_000_000L;
    long least = Long.MAX_VALUE;
    // Also a number of rounds, for a machine that gave this process no time for so long.
    for (int round = 0; least > 0 && (round < 200 || System.nanoTime() < deadline); round++) {
      long before = threads.getTotalThreadAllocatedBytes();
      for (int i = 0; i < 20; i++) {
        for (int k = 0; k < all.size(); k++) {
          all.get(k).all();
        }
      }
      least = Math.min(least, threads.getTotalThreadAllocatedBytes() - before);
    }
    assertEquals(0, least, "bytes in 20 rounds of all calls");
  }
}

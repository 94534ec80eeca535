package dev.unroll.layer;

import static dev.unroll.cell.SequenceLayout.BATCH_MAJOR;
import static dev.unroll.cell.SequenceLayout.TIME_MAJOR;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.cell.CellSpec;
import dev.unroll.kernel.Parallelism;
import dev.unroll.layer.StackSpec.Merge;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Stacks of cells with zoneout and variational dropout, over rows of different lengths. */
final class StackMasksTest {

  private static final int[] LENGTHS = {3, 0, 7, 7, 1, 5};

  static List<StackCase> cases() {
    CellSpec lstm =
        CellSpec.lstm(6, 6).withZoneout(0.25f, 0.5f).withVariationalDropout(0.25f, 0.5f);
    CellSpec gru = CellSpec.gru(4, 9).withZoneout(0.5f, 0).withVariationalDropout(0, 0.25f);
    CellSpec elman = CellSpec.elman(9, 17).withZoneout(0.125f, 0).withVariationalDropout(0.5f, 0);
    return List.of(
        new StackCase(
            StackSpec.of(lstm, 2).bidirectional(Merge.SUM).withResiduals().withDropout(0.25f),
            7,
            LENGTHS,
            1),
        new StackCase(StackSpec.of(gru, 2).bidirectional(Merge.CONCATENATE), 7, LENGTHS, 2),
        new StackCase(StackSpec.of(elman, 3).withResiduals(), 7, LENGTHS, 3));
  }

  /** Serving is what single cells serve, put together by hand. */
  @ParameterizedTest
  @MethodSource("cases")
  void aStackServesWhatItsCellsServe(StackCase of) {
    StackRun run = StackRun.serve(of, BATCH_MAJOR);
    for (int n = 0; n < of.batch(); n++) {
      run.row(of, n).assertSameBits(ByHand.serve(of.row(n)), of.where().with("row", n));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void layoutsThreadsAndCheckpointsGiveTheSameBits(StackCase of) {
    StackRun run = StackRun.train(of, TIME_MAJOR);
    StackRun.train(of, BATCH_MAJOR).assertSameBits(run, of.where());
    try (Parallelism pool = Parallelism.pool(2)) {
      StackRun.train(of, TIME_MAJOR, pool).assertSameBits(run, of.where().with("threads", 2));
    }
    for (int every = 1; every <= 7; every++) {
      StackTrainer trainer = StackTrainer.of(of.spec()).checkpointEvery(every);
      StackRun.train(of, TIME_MAJOR, trainer)
          .assertSameBits(run, of.where().with("checkpoints", every));
    }
  }

  /** A row that is told which one it is has the masks that it has among others. */
  @ParameterizedTest
  @MethodSource("cases")
  void rowsKnowNothingOfEachOther(StackCase of) {
    StackRun run = StackRun.train(of, TIME_MAJOR, StackTrainer.of(of.spec()).masks(5, 0, 0));
    for (int n = 0; n < of.batch(); n++) {
      StackTrainer own = StackTrainer.of(of.spec()).masks(5, n, 0);
      StackRun alone = StackRun.train(of.row(n), TIME_MAJOR, own);
      run.row(of, n).assertSameBits(alone, of.where().with("row", n));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void anotherSeedIsAnotherMask(StackCase of) {
    float[] y = StackRun.train(of, TIME_MAJOR).y();
    StackTrainer trainer = StackTrainer.of(of.spec()).masks(1, 0, 0);
    assertFalse(Arrays.equals(y, StackRun.train(of, TIME_MAJOR, trainer).y()));
    StackRun.train(of, TIME_MAJOR, trainer.masks(0, 0, 0))
        .assertSameBits(StackRun.train(of, TIME_MAJOR), of.where());
  }

  /** Layers and directions with the same weights draw masks of their own. */
  @ParameterizedTest
  @MethodSource("cases")
  void partsHaveMasksOfTheirOwn(StackCase of) {
    float[] h = StackRun.train(of, TIME_MAJOR).h();
    float[] h0 = of.h(0);
    int p = of.spec().stateSize();
    Set<BitSet> patterns = new HashSet<>();
    for (int part = 0; part < of.spec().parts(); part++) {
      // Row 4 has one step: what zoneout kept of it is h0, in bits.
      int at = (part * of.batch() + 4) * p;
      BitSet kept = new BitSet();
      for (int j = 0; j < p; j++) {
        kept.set(j, h[at + j] == h0[at + j]);
      }
      patterns.add(kept);
    }
    assertTrue(patterns.size() > 1, patterns.toString());
  }
}

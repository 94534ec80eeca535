package dev.unroll.bench.peer;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.bench.matmul.MatmulContender;
import dev.unroll.bench.matmul.Operands;
import dev.unroll.bench.matmul.Shape;
import dev.unroll.bench.recurrent.Cell;
import dev.unroll.bench.recurrent.LayerShape;
import dev.unroll.bench.recurrent.NaiveLayer;
import dev.unroll.bench.recurrent.Pass;
import dev.unroll.bench.recurrent.Proof;
import dev.unroll.bench.recurrent.RecurrentContender;
import dev.unroll.bench.recurrent.Task;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The libraries themselves; run by the build's {@code peers} profile alone. */
class PeersTest {

  private static final List<LayerShape> SHAPES =
      List.of(
          new LayerShape(1, 1, 3, 5), new LayerShape(6, 1, 16, 24), new LayerShape(7, 5, 20, 33));

  @Test
  void allOfThemAreThere() {
    Set<String> recurrent = new TreeSet<>();
    PeerLibraries.recurrentContenders(1).forEach(c -> recurrent.add(c.library()));
    assertEquals(Set.of("Deeplearning4j", "ONNX Runtime", "PyTorch", "oneDNN"), recurrent);
    Set<String> products = new TreeSet<>();
    PeerLibraries.matmulContenders(1).forEach(c -> products.add(c.library()));
    assertEquals(Set.of("EJML", "MKL", "OpenBLAS", "netlib", "ojAlgo", "oneDNN"), products);
    assertEquals(4, PeerLibraries.describeRecurrent(1).size());
  }

  /** The loops come first, so that each peer is compared with them on the whole layer too. */
  @ParameterizedTest
  @EnumSource
  void everyLayerIsProven(Cell cell) {
    for (Pass pass : Pass.values()) {
      for (LayerShape shape : SHAPES) {
        Task task = new Task(cell, shape, pass, 1);
        Proof proof = new Proof(task);
        proof.prepareAndCheck(new NaiveLayer());
        for (RecurrentContender contender : PeerLibraries.recurrentContenders(1)) {
          if (contender.accepts(task)) {
            assertDoesNotThrow(() -> proof.prepareAndCheck(contender), contender.library());
            contender.close();
          }
        }
      }
    }
  }

  @Test
  void everyProductIsProven() {
    for (Shape shape : List.of(new Shape(1, 40, 30), new Shape(9, 40, 30), new Shape(33, 17, 65))) {
      Operands operands = new Operands(shape);
      for (MatmulContender contender : PeerLibraries.matmulContenders(1)) {
        if (contender.accepts(shape, 1)) {
          assertDoesNotThrow(() -> operands.prepareAndCheck(contender, 1), contender.library());
          contender.close();
        }
      }
    }
  }

  @Test
  void netlibIsNotBlamedForSizesThatOverflowInsideIt() {
    MatmulContender netlib = new NetlibPeer().matmulContenders().getFirst();
    assertFalse(netlib.accepts(new Shape(2048, 2048, 2048), 1));
    assertTrue(netlib.accepts(new Shape(1280, 1280, 1280), 1));
    assertTrue(netlib.accepts(new Shape(3000, 3000, 3000), 1));
    assertTrue(netlib.accepts(new Shape(64, 64, 64), 1));
  }

  @Test
  void emptyCallsCanBeMade() {
    List<EmptyCall> calls = PeerLibraries.emptyCalls(1);
    assertTrue(calls.size() >= 4);
    calls.forEach(empty -> assertDoesNotThrow(() -> empty.call().run(), empty.what()));
  }
}

package dev.unroll.bench.matmul;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The shapes that are measured unless others are asked for. */
public enum Shapes {
  /** Square products, powers of two and others. */
  SQUARE,
  /** Few rows against the weight matrices of recurrent layers, some of awkward size. */
  SKINNY,
  /** A single row. */
  VECTOR,
  /** Square products of the sizes at which libraries written in Java are compared. */
  JAVA,
  /** All of them. */
  ALL;

  private static final int[] SIDES = {
    32, 48, 64, 96, 128, 200, 256, 300, 512, 768, 1024, 1280, 2048
  };
  private static final int[] JAVA_SIDES = {32, 64, 128, 256, 512, 1024, 1280};
  private static final int[][] WEIGHTS = {{512, 128}, {1024, 256}, {2048, 512}, {2600, 650}};
  private static final int[] ROWS = {2, 4, 8, 20, 32, 64};

  /** The shapes of this group. */
  public List<Shape> list() {
    Set<Shape> shapes = new LinkedHashSet<>();
    if (this == JAVA) {
      for (int side : JAVA_SIDES) {
        shapes.add(new Shape(side, side, side));
      }
    }
    if (this == SQUARE || this == ALL) {
      for (int side : SIDES) {
        shapes.add(new Shape(side, side, side));
      }
      shapes.add(new Shape(128, 4096, 1024));
    }
    if (this == VECTOR || this == ALL) {
      for (int[] nk : WEIGHTS) {
        shapes.add(new Shape(1, nk[0], nk[1]));
      }
    }
    if (this == SKINNY || this == ALL) {
      for (int[] nk : WEIGHTS) {
        for (int m : ROWS) {
          shapes.add(new Shape(m, nk[0], nk[1]));
        }
      }
      shapes.add(new Shape(20, 2624, 656));
    }
    return new ArrayList<>(shapes);
  }
}

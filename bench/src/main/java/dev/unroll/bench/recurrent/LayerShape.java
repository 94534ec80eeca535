package dev.unroll.bench.recurrent;

import java.util.List;

/** A recurrent layer: T steps, N rows, I inputs, H units. */
public record LayerShape(int steps, int batch, int inputs, int units) {

  /** The layers that are measured unless others are asked for: single rows and batches. */
  public static final List<LayerShape> STANDARD =
      List.of(
          new LayerShape(100, 1, 64, 128),
          new LayerShape(100, 1, 256, 512),
          new LayerShape(100, 32, 128, 256),
          new LayerShape(50, 64, 512, 512),
          new LayerShape(35, 20, 650, 650));

  public LayerShape {
    if (steps < 1 || batch < 1 || inputs < 1 || units < 1) {
      throw new IllegalArgumentException(
          "T, N, I and H must be positive: " + steps + "," + batch + "," + inputs + "," + units);
    }
  }

  /** Reads {@code T,N,I,H}. */
  public static LayerShape parse(String text) {
    String[] parts = text.split(",", -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException("a shape is T,N,I,H, not: " + text);
    }
    return new LayerShape(
        Integer.parseInt(parts[0].strip()),
        Integer.parseInt(parts[1].strip()),
        Integer.parseInt(parts[2].strip()),
        Integer.parseInt(parts[3].strip()));
  }

  /** The same layer over a shorter sequence of fewer rows. */
  LayerShape atMost(int most, int rows) {
    return new LayerShape(Math.min(most, steps), Math.min(rows, batch), inputs, units);
  }

  @Override
  public String toString() {
    return "T" + steps + " N" + batch + " I" + inputs + " H" + units;
  }
}

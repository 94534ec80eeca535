package dev.unroll.bench.recurrent;

/** A recurrent layer: T steps, N rows, I inputs, H units. */
public record LayerShape(int steps, int batch, int inputs, int units) {

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

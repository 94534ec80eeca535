package dev.unroll.flow.task;

/**
 * Sequences of symbols, each with one class to be named after its last symbol.
 *
 * @param steps T
 * @param batch N
 * @param alphabet how many symbols there are
 * @param classes how many classes there are
 * @param symbols [T][N], each in [0, alphabet)
 * @param labels [N], each in [0, classes)
 */
public record SymbolBatch(
    int steps, int batch, int alphabet, int classes, int[] symbols, int[] labels) {

  /** The symbols as network inputs, [T][N][alphabet]: 1 at the symbol, 0 elsewhere. */
  public float[] oneHot() {
    float[] x = new float[Math.multiplyExact(symbols.length, alphabet)];
    for (int i = 0; i < symbols.length; i++) {
      x[i * alphabet + symbols[i]] = 1;
    }
    return x;
  }
}

package dev.unroll.layer;

import static java.util.Objects.requireNonNull;

import dev.unroll.cell.CellSpec;
import dev.unroll.cell.Direction;
import java.util.Objects;

/**
 * Recurrent cells on top of each other, described completely.
 *
 * <pre>
 *   u_0 = x
 *   v_l = [ cell(u_l) forward ; cell(u_l) in reverse ]     both directions, concatenated
 *   v_l =   cell(u_l) forward + cell(u_l) in reverse       or summed; one direction: cell(u_l)
 *   v_l = v_l + u_l                                        residual, where both have one size
 *   u_{l+1} = dropout(v_l)                                 training; serving: v_l
 *   y = v_{L-1}
 * </pre>
 *
 * <p>Zoneout and variational dropout are the cell's own, see {@link CellSpec}; each part draws
 * masks of its own. Dropout sets each value to 0 with probability p and multiplies the others by 1
 * / (1 - p); not after the last layer. All as in PyTorch's {@code nn.LSTM}, {@code nn.GRU} and
 * {@code nn.RNN}, which know no sum and no residual.
 *
 * <p>Immutable. Layers and directions together are the parts of a stack: layer after layer, forward
 * before reverse.
 *
 * <p>Source: both directions: M. Schuster and K. Paliwal, IEEE Transactions on Signal Processing
 * 45(11), 1997; dropout between layers: W. Zaremba et al., arXiv:1409.2329; residual connections:
 * Y. Wu et al., arXiv:1609.08144.
 */
public final class StackSpec {

  /** How the outputs of two directions become one. */
  public enum Merge {
    /** Side by side, forward first. */
    CONCATENATE,
    /** Added up. */
    SUM
  }

  private final CellSpec first;
  private final int layers;
  private final boolean bidirectional;
  private final Merge merge;
  private final boolean residual;
  private final float dropout;

  private StackSpec(
      CellSpec first,
      int layers,
      boolean bidirectional,
      Merge merge,
      boolean residual,
      float dropout) {
    this.first = first;
    this.layers = layers;
    this.bidirectional = bidirectional;
    this.merge = merge;
    this.residual = residual;
    this.dropout = dropout;
  }

  /**
   * Layers in one direction, with nothing between them.
   *
   * @param first the cell of the first layer; those above differ in their input size alone
   * @throws IllegalArgumentException when {@code layers} is below 1
   */
  public static StackSpec of(CellSpec first, int layers) {
    requireNonNull(first, "first");
    if (layers < 1) {
      throw new IllegalArgumentException("layers is " + layers + ", must be at least 1");
    }
    return new StackSpec(first, layers, false, Merge.CONCATENATE, false, 0);
  }

  /** The same in both directions. */
  public StackSpec bidirectional(Merge newMerge) {
    requireNonNull(newMerge, "newMerge");
    return new StackSpec(first, layers, true, newMerge, residual, dropout);
  }

  /** The same with residual connections around all layers that give as many values as they take. */
  public StackSpec withResiduals() {
    return new StackSpec(first, layers, bidirectional, merge, true, dropout);
  }

  /**
   * The same with dropout between the layers, in training.
   *
   * @throws IllegalArgumentException when {@code probability} is not from 0 to 1, 1 excluded
   */
  public StackSpec withDropout(float probability) {
    if (!(probability >= 0 && probability < 1)) {
      throw new IllegalArgumentException(
          "probability is " + probability + ", must be at least 0 and below 1");
    }
    return new StackSpec(first, layers, bidirectional, merge, residual, probability);
  }

  /** L. */
  public int layers() {
    return layers;
  }

  /** D: 1 or 2. */
  public int directions() {
    return bidirectional ? 2 : 1;
  }

  /** L D. */
  public int parts() {
    return layers * directions();
  }

  /** The layer of a part. */
  public int layer(int part) {
    return Objects.checkIndex(part, parts()) / directions();
  }

  /** The direction of a part. */
  public Direction direction(int part) {
    boolean reverse = Objects.checkIndex(part, parts()) % directions() == 1;
    return reverse ? Direction.REVERSE : Direction.FORWARD;
  }

  /** How the outputs of two directions become one. */
  public Merge merge() {
    return merge;
  }

  /** Whether there are residual connections. */
  public boolean residuals() {
    return residual;
  }

  /** Whether a layer has a residual connection. */
  public boolean residual(int layer) {
    return residual && inputSize(layer) == outputSize();
  }

  /** The probability that dropout sets a value to 0. */
  public float dropout() {
    return dropout;
  }

  /** The cell of a layer, in each direction. */
  public CellSpec cell(int layer) {
    Objects.checkIndex(layer, layers);
    return layer == 0 ? first : first.resized(outputSize(), first.hiddenSize());
  }

  /** I, the values of one row of x. */
  public int inputSize() {
    return first.inputSize();
  }

  /** What a layer takes. */
  int inputSize(int layer) {
    return layer == 0 ? inputSize() : outputSize();
  }

  /** The values of one row of y, and of each layer's output: P, or 2P side by side. */
  public int outputSize() {
    return bidirectional && merge == Merge.CONCATENATE ? 2 * stateSize() : stateSize();
  }

  /** P, the values of one row of h. */
  public int stateSize() {
    return first.outputSize();
  }

  /** H, the units of a part, and the values of one row of c. */
  public int hiddenSize() {
    return first.hiddenSize();
  }

  /** Whether there are cell states beside h. */
  public boolean hasCell() {
    return first.hasCell();
  }

  /** Where a part's values begin in a row of its layer's output. */
  int column(int part) {
    return merge == Merge.CONCATENATE ? part % directions() * stateSize() : 0;
  }

  /** Whether a part adds to what another one wrote. */
  boolean adds(int part) {
    return merge == Merge.SUM && part % directions() == 1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StackSpec that
        && first.equals(that.first)
        && layers == that.layers
        && bidirectional == that.bidirectional
        && merge == that.merge
        && residual == that.residual
        && dropout == that.dropout;
  }

  @Override
  public int hashCode() {
    return Objects.hash(first, layers, bidirectional, merge, residual, dropout);
  }

  @Override
  public String toString() {
    return "StackSpec["
        + layers
        + " x "
        + first
        + (bidirectional ? ", both directions, " + merge : "")
        + (residual ? ", residuals" : "")
        + (dropout > 0 ? ", dropout " + dropout : "")
        + "]";
  }
}

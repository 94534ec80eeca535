package dev.unroll.cell;

import static java.util.Objects.requireNonNull;

import dev.unroll.kernel.Activation;
import java.util.Objects;

/**
 * A recurrent cell, described completely: its kind, its sizes, its dialect and its options.
 *
 * <p>With x the inputs of a step, h the output of the step before, W, R and b the weights and
 * biases (bW and bR where there are two), and s the sigmoid:
 *
 * <pre>
 *   Elman, post-activation   h_t = f(W x_t + R h_{t-1} + b)                          PyTorch
 *   Elman, pre-activation    h_t = W x_t + R f(h_{t-1}) + b                          Pascanu et al.
 *
 *   LSTM    i = s(z_i)   f = s(z_f)   g = tanh(z_g)   o = s(z_o)    z = W x_t + R h_{t-1} + b
 *           c_t = f c_{t-1} + i g            h_t = o tanh(c_t)
 *     peepholes     z_i += p_i c_{t-1}   z_f += p_f c_{t-1}   z_o += p_o c_t
 *     coupled       f = 1 - i, without weights of its own
 *     cell clip     c_t = clamp(f c_{t-1} + i g, -clip, clip)
 *     projection    h_t = P (o tanh(c_t)), P being projection x H
 *
 *   GRU     r = s(W_r x_t + R_r h_{t-1} + b_r)   z = s(W_z x_t + R_z h_{t-1} + b_z)
 *     reset after   n = tanh(W_n x_t + bW_n + r (R_n h_{t-1} + bR_n))                PyTorch, cuDNN
 *     reset before  n = tanh(W_n x_t + b_n + R_n (r h_{t-1}))           the paper, ONNX's default
 *           h_t = (1 - z) n + z h_{t-1}
 *
 *   zoneout              h_t = d h_{t-1} + (1 - d) h~_t,   c_t = d' c_{t-1} + (1 - d') c~_t
 *   variational dropout  W (m x_t) in place of W x_t,   R (m' h_{t-1}) in place of R h_{t-1}
 * </pre>
 *
 * <p>Zoneout: h~ and c~ are what the formulas above give, h~ from c~. In training d is 1 with the
 * rate's probability, else 0, anew for each row, step and unit; in serving it is the rate itself,
 * the expectation. Variational dropout: m is 0 with the rate's probability, else 1 / (1 - rate),
 * for each row and value, the same at all steps and for all gates; in serving it is 1. Where a GRU
 * passes h_{t-1} by its update gate nothing is dropped. Probabilities are multiples of 2^-24.
 *
 * <p>Immutable. Starts from {@link #elman}, {@link #lstm} or {@link #gru}, with two biases as in
 * PyTorch; the {@code with} methods change one thing each, and refuse what a kind does not have.
 *
 * <p>Source: J. Elman, Cognitive Science 14(2), 1990; R. Pascanu, T. Mikolov, Y. Bengio,
 * arXiv:1211.5063, eq. 2; S. Hochreiter and J. Schmidhuber, Neural Computation 9(8), 1997, with the
 * forget gate and peepholes of F. Gers et al., 2000 and 2002; coupled gates: K. Greff et al.,
 * arXiv:1503.04069; projection: H. Sak et al., arXiv:1402.1128; K. Cho et al., arXiv:1406.1078;
 * zoneout: D. Krueger et al., arXiv:1606.01305; variational dropout: Y. Gal and Z. Ghahramani,
 * arXiv:1512.05287.
 */
public final class CellSpec {

  /** The kinds of cells. */
  public enum Kind {
    /** One state, one function. */
    ELMAN,
    /** Input, forget and output gate around a cell. */
    LSTM,
    /** Reset and update gate. */
    GRU
  }

  /** Where an Elman cell's function stands. */
  public enum Form {
    /** Around everything: the state is f of something. PyTorch's convention. */
    POST_ACTIVATION,
    /** Around the state before: the state is what f is applied to. Pascanu's convention. */
    PRE_ACTIVATION
  }

  /** Where a GRU's reset gate stands. */
  public enum Reset {
    /** r (R h + b): after the product. */
    AFTER,
    /** R (r h): before the product. */
    BEFORE
  }

  /** The biases of a weight set. */
  public enum Bias {
    /** None. */
    NONE,
    /** One for each gate, on the side of the inputs. */
    SINGLE,
    /** Two for each gate, one on each side. */
    DOUBLE
  }

  private final Kind kind;
  private final int inputSize;
  private final int hiddenSize;
  private Bias bias = Bias.DOUBLE;
  private Activation activation = Activation.TANH;
  private Form form = Form.POST_ACTIVATION;
  private Reset reset = Reset.AFTER;
  private boolean peepholes;
  private boolean coupled;
  private float clip = Float.POSITIVE_INFINITY;
  private int projectionSize;
  private float hiddenZoneout;
  private float cellZoneout;
  private float inputDropout;
  private float recurrentDropout;

  private CellSpec(Kind kind, int inputSize, int hiddenSize) {
    positive("inputSize", inputSize);
    positive("hiddenSize", hiddenSize);
    this.kind = kind;
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
  }

  private CellSpec copy() {
    return resized(inputSize, hiddenSize);
  }

  private static void positive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + ", must be at least 1");
    }
  }

  private void only(Kind allowed, String what) {
    if (kind != allowed) {
      throw new IllegalArgumentException(
          "kind is " + kind + ", but only " + allowed + " has " + what);
    }
  }

  /**
   * An Elman cell with tanh, post-activation.
   *
   * @throws IllegalArgumentException when a size is below 1
   */
  public static CellSpec elman(int inputSize, int hiddenSize) {
    return new CellSpec(Kind.ELMAN, inputSize, hiddenSize);
  }

  /**
   * An LSTM without options.
   *
   * @throws IllegalArgumentException when a size is below 1
   */
  public static CellSpec lstm(int inputSize, int hiddenSize) {
    return new CellSpec(Kind.LSTM, inputSize, hiddenSize);
  }

  /**
   * A GRU with the reset after the product.
   *
   * @throws IllegalArgumentException when a size is below 1
   */
  public static CellSpec gru(int inputSize, int hiddenSize) {
    return new CellSpec(Kind.GRU, inputSize, hiddenSize);
  }

  /** The same with these biases. */
  public CellSpec withBias(Bias newBias) {
    requireNonNull(newBias, "newBias");
    CellSpec copy = copy();
    copy.bias = newBias;
    return copy;
  }

  /**
   * An Elman cell's function: tanh, sigmoid or relu.
   *
   * @throws IllegalArgumentException for another kind, or for the identity
   */
  public CellSpec withActivation(Activation function) {
    requireNonNull(function, "function");
    only(Kind.ELMAN, "a choice of activation");
    if (function == Activation.IDENTITY) {
      throw new IllegalArgumentException("function is IDENTITY, must be TANH, SIGMOID or RELU");
    }
    return activated(function);
  }

  /** The linear mode, which makes long sequences comparable in tests. */
  CellSpec linear() {
    only(Kind.ELMAN, "a linear mode");
    return activated(Activation.IDENTITY);
  }

  private CellSpec activated(Activation function) {
    CellSpec copy = copy();
    copy.activation = function;
    return copy;
  }

  /**
   * An Elman cell's convention.
   *
   * @throws IllegalArgumentException for another kind, or for the pre-activation form with zoneout
   */
  public CellSpec withForm(Form newForm) {
    requireNonNull(newForm, "newForm");
    only(Kind.ELMAN, "a form");
    CellSpec copy = copy();
    copy.form = newForm;
    copy.checkZoneout();
    return copy;
  }

  /**
   * A GRU's dialect.
   *
   * @throws IllegalArgumentException for another kind
   */
  public CellSpec withReset(Reset newReset) {
    requireNonNull(newReset, "newReset");
    only(Kind.GRU, "a reset gate");
    CellSpec copy = copy();
    copy.reset = newReset;
    return copy;
  }

  /**
   * An LSTM whose gates see the cell.
   *
   * @throws IllegalArgumentException for another kind
   */
  public CellSpec withPeepholes() {
    only(Kind.LSTM, "peepholes");
    CellSpec copy = copy();
    copy.peepholes = true;
    return copy;
  }

  /**
   * An LSTM whose forget gate is 1 - i.
   *
   * @throws IllegalArgumentException for another kind
   */
  public CellSpec withCoupledGates() {
    only(Kind.LSTM, "gates to couple");
    CellSpec copy = copy();
    copy.coupled = true;
    return copy;
  }

  /**
   * An LSTM whose cells stay within [-limit, limit]; where a cell reaches the limit, its gradient
   * is 0.
   *
   * @throws IllegalArgumentException for another kind, or when {@code limit} is not positive
   */
  public CellSpec withCellClip(float limit) {
    only(Kind.LSTM, "cells to clip");
    if (!(limit > 0)) {
      throw new IllegalArgumentException("limit is " + limit + ", must be above 0");
    }
    CellSpec copy = copy();
    copy.clip = limit;
    return copy;
  }

  /**
   * An LSTM whose output is projected to so many values.
   *
   * @throws IllegalArgumentException for another kind, or when {@code size} is below 1
   */
  public CellSpec withProjection(int size) {
    only(Kind.LSTM, "a projection");
    positive("size", size);
    CellSpec copy = copy();
    copy.projectionSize = size;
    return copy;
  }

  /**
   * A cell whose units keep the value that they had, with these probabilities: zoneout. A rate of 0
   * is none.
   *
   * @param hidden of h
   * @param cell of an LSTM's cells; 0 for another kind
   * @throws IllegalArgumentException when a rate is not from 0 to 1, 1 excluded, {@code cell} is
   *     not 0 for a kind without cells, or an Elman cell is in the pre-activation form, where the
   *     product with R reads f(h) and no step has h itself
   */
  public CellSpec withZoneout(float hidden, float cell) {
    rate("hidden", hidden);
    rate("cell", cell);
    if (cell > 0) {
      only(Kind.LSTM, "a cell state to zone out");
    }
    CellSpec copy = copy();
    copy.hiddenZoneout = hidden;
    copy.cellZoneout = cell;
    copy.checkZoneout();
    return copy;
  }

  private void checkZoneout() {
    if (preActivation() && hiddenZoneout > 0) {
      throw new IllegalArgumentException(
          "form is PRE_ACTIVATION, but only POST_ACTIVATION has zoneout");
    }
  }

  /**
   * A cell that drops values of its inputs and of h before the products with W and R, the same at
   * all steps of a row: variational dropout, in training alone. A rate of 0 is none.
   *
   * @param inputs of x
   * @param recurrent of h
   * @throws IllegalArgumentException when a rate is not from 0 to 1, 1 excluded
   */
  public CellSpec withVariationalDropout(float inputs, float recurrent) {
    rate("inputs", inputs);
    rate("recurrent", recurrent);
    CellSpec copy = copy();
    copy.inputDropout = inputs;
    copy.recurrentDropout = recurrent;
    return copy;
  }

  private static void rate(String name, float value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          name + " is " + value + ", must be at least 0 and below 1");
    }
  }

  /** The kind. */
  public Kind kind() {
    return kind;
  }

  /** I, the values of one input row. */
  public int inputSize() {
    return inputSize;
  }

  /** H, the units. */
  public int hiddenSize() {
    return hiddenSize;
  }

  /** The values of one output row, which are also those of h: H, or the size of the projection. */
  public int outputSize() {
    return projectionSize == 0 ? hiddenSize : projectionSize;
  }

  /** G, the blocks of H rows in W: 1 for Elman, 3 for a GRU and coupled gates, 4 for an LSTM. */
  public int gates() {
    return switch (kind) {
      case ELMAN -> 1;
      case GRU -> 3;
      case LSTM -> coupled ? 3 : 4;
    };
  }

  /** Whether there is a cell state beside h. */
  public boolean hasCell() {
    return kind == Kind.LSTM;
  }

  /** The biases. */
  public Bias bias() {
    return bias;
  }

  /** An Elman cell's function. */
  public Activation activation() {
    return activation;
  }

  /** An Elman cell's convention. */
  public Form form() {
    return form;
  }

  /** A GRU's dialect. */
  public Reset reset() {
    return reset;
  }

  /** Whether an LSTM's gates see the cell. */
  public boolean peepholes() {
    return peepholes;
  }

  /** Whether an LSTM's forget gate is 1 - i. */
  public boolean coupledGates() {
    return coupled;
  }

  /** The limit of an LSTM's cells; infinite when they are not clipped. */
  public float cellClip() {
    return clip;
  }

  /** The size of an LSTM's projection; 0 when there is none. */
  public int projectionSize() {
    return projectionSize;
  }

  /** The probability that a value of h stays what it was; 0 without zoneout. */
  public float hiddenZoneout() {
    return hiddenZoneout;
  }

  /** The probability that a cell stays what it was; 0 without zoneout. */
  public float cellZoneout() {
    return cellZoneout;
  }

  /** The probability that variational dropout drops a value of x. */
  public float inputDropout() {
    return inputDropout;
  }

  /** The probability that variational dropout drops a value of h before the product with R. */
  public float recurrentDropout() {
    return recurrentDropout;
  }

  /** Whether training draws masks: then it gives other values than serving. */
  public boolean stochastic() {
    return hiddenZoneout > 0 || cellZoneout > 0 || inputDropout > 0 || recurrentDropout > 0;
  }

  /** The same cell with other sizes, the options kept. */
  public CellSpec resized(int newInputSize, int newHiddenSize) {
    CellSpec copy = new CellSpec(kind, newInputSize, newHiddenSize);
    copy.bias = bias;
    copy.activation = activation;
    copy.form = form;
    copy.reset = reset;
    copy.peepholes = peepholes;
    copy.coupled = coupled;
    copy.clip = clip;
    copy.projectionSize = projectionSize;
    copy.hiddenZoneout = hiddenZoneout;
    copy.cellZoneout = cellZoneout;
    copy.inputDropout = inputDropout;
    copy.recurrentDropout = recurrentDropout;
    return copy;
  }

  boolean clipped() {
    return clip != Float.POSITIVE_INFINITY;
  }

  boolean preActivation() {
    return kind == Kind.ELMAN && form == Form.PRE_ACTIVATION;
  }

  boolean resetBefore() {
    return kind == Kind.GRU && reset == Reset.BEFORE;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CellSpec that
        && kind == that.kind
        && inputSize == that.inputSize
        && hiddenSize == that.hiddenSize
        && bias == that.bias
        && activation == that.activation
        && form == that.form
        && reset == that.reset
        && peepholes == that.peepholes
        && coupled == that.coupled
        && clip == that.clip
        && projectionSize == that.projectionSize
        && hiddenZoneout == that.hiddenZoneout
        && cellZoneout == that.cellZoneout
        && inputDropout == that.inputDropout
        && recurrentDropout == that.recurrentDropout;
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        kind,
        inputSize,
        hiddenSize,
        bias,
        activation,
        form,
        reset,
        peepholes,
        coupled,
        clip,
        projectionSize,
        hiddenZoneout,
        cellZoneout,
        inputDropout,
        recurrentDropout);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(kind + "[I = " + inputSize + ", H = " + hiddenSize);
    switch (kind) {
      case ELMAN -> text.append(", ").append(activation).append(", ").append(form);
      case GRU -> text.append(", reset ").append(reset);
      case LSTM -> {
        text.append(peepholes ? ", peepholes" : "").append(coupled ? ", coupled gates" : "");
        text.append(clipped() ? ", clip " + clip : "");
        text.append(projectionSize > 0 ? ", projection " + projectionSize : "");
      }
    }
    if (hiddenZoneout > 0 || cellZoneout > 0) {
      text.append(", zoneout ").append(hiddenZoneout);
      text.append(kind == Kind.LSTM ? " and " + cellZoneout : "");
    }
    if (inputDropout > 0 || recurrentDropout > 0) {
      text.append(", variational dropout ").append(inputDropout);
      text.append(" and ").append(recurrentDropout);
    }
    return text.append(", bias ").append(bias).append("]").toString();
  }
}

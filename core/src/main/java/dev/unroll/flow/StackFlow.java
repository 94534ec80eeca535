package dev.unroll.flow;

import static java.util.Objects.requireNonNull;

import dev.unroll.cell.CellSpec;
import dev.unroll.cell.Direction;
import dev.unroll.cell.SequenceLayout;
import dev.unroll.layer.PackedStack;
import dev.unroll.layer.Stack;
import dev.unroll.layer.StackSpec;
import dev.unroll.layer.StackTrainer;
import dev.unroll.layer.StackWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The gradient in a stack of cells, layer by layer and direction by direction: a record for each
 * part while it trains, and a diagnosis of a network on a batch.
 *
 * <p><b>Formula.</b> For each part what {@link GradientNorms} says, and the largest Lyapunov
 * exponent of {@code ds_t/ds_{t-1}}, s being h, followed by c where there is one, along one
 * sequence. Steps are those of the part: in reverse they begin at a sequence's end.
 *
 * <p>The norms are those of the production kernels, of the pass that trains. Jacobians cost as many
 * rows as a state has elements, for each step; they are for a diagnosis, not for every update.
 *
 * <p>A layer below another one receives gradient at every step, from above: its norms then decay
 * less than its own Jacobians do, and the two rates need not agree.
 */
public final class StackFlow {

  private final StackSpec spec;
  private final List<GradientNorms> parts = new ArrayList<>();

  /**
   * Records with room for sequences of so many steps.
   *
   * @throws NullPointerException when {@code spec} is null
   * @throws IllegalArgumentException when {@code steps} is negative
   */
  public StackFlow(StackSpec spec, int steps) {
    this.spec = requireNonNull(spec, "spec");
    for (int part = 0; part < spec.parts(); part++) {
      parts.add(new GradientNorms(steps));
    }
  }

  /**
   * Listens to all parts of a trainer from now on.
   *
   * @return this
   * @throws IllegalArgumentException when it trains another stack
   */
  public StackFlow listenTo(StackTrainer trainer) {
    if (!trainer.spec().equals(spec)) {
      throw new IllegalArgumentException(
          "trainer is of " + trainer.spec() + ", must be of " + spec);
    }
    for (int part = 0; part < parts.size(); part++) {
      trainer.probe(part, parts.get(part));
    }
    return this;
  }

  /** Forgets what has been recorded. */
  public void clear() {
    parts.forEach(GradientNorms::clear);
  }

  /**
   * The record of a layer in one direction.
   *
   * @throws IndexOutOfBoundsException when there is no such layer, or no such direction
   */
  public GradientNorms norms(int layer, Direction direction) {
    Objects.checkIndex(layer, spec.layers());
    int second = Objects.checkIndex(direction == Direction.REVERSE ? 1 : 0, spec.directions());
    return parts.get(layer * spec.directions() + second);
  }

  /** What the records say, without exponents. */
  public Diagnosis diagnose() {
    Diagnosis.Builder builder = Diagnosis.builder();
    for (int part = 0; part < parts.size(); part++) {
      builder.layer(name(part), parts.get(part));
    }
    return builder.build();
  }

  /**
   * What the records say, with the exponents of each part along one sequence, from states of 0.
   *
   * @param weights of this stack
   * @param steps T, at least 1
   * @param x [T][I]
   * @throws IllegalArgumentException when the weights are of another stack, {@code steps} is below
   *     1 or x has another length
   */
  public Diagnosis diagnose(StackWeights weights, int steps, float[] x) {
    if (!weights.spec().equals(spec)) {
      throw new IllegalArgumentException(
          "weights are of " + weights.spec() + ", must be of " + spec);
    }
    if (steps < 1 || x.length != (long) steps * spec.inputSize()) {
      throw new IllegalArgumentException(
          "x has " + x.length + " elements, must have " + steps + " x " + spec.inputSize());
    }
    Diagnosis.Builder builder = Diagnosis.builder();
    for (int layer = 0; layer < spec.layers(); layer++) {
      float[] in = input(weights, layer, steps, x);
      CellSpec cell = spec.cell(layer);
      for (int direction = 0; direction < spec.directions(); direction++) {
        int part = layer * spec.directions() + direction;
        float[] path = spec.direction(part) == Direction.REVERSE ? reversed(steps, in) : in;
        float[] h = new float[cell.outputSize()];
        float @Nullable [] c = cell.hasCell() ? new float[cell.hiddenSize()] : null;
        builder.layer(
            name(part),
            parts.get(part),
            new CellJacobian(weights.part(part)).steps(steps, path, h, c));
      }
    }
    return builder.build();
  }

  /**
   * Diagnoses a network on a batch: one forward and one backward pass from a gradient of its last
   * states, and the exponents along the first sequence.
   *
   * @param weights the network
   * @param steps T, at least 2
   * @param batch N, at least 1
   * @param x [T][N][I]
   * @param dh the gradients of the last states, [LD][N][P], those of the last layer say what the
   *     loss looks at; not changed
   * @throws IllegalArgumentException when a size is too small or an array has another length
   */
  public static Diagnosis diagnose(
      StackWeights weights, int steps, int batch, float[] x, float[] dh) {
    StackSpec spec = weights.spec();
    if (steps < 2 || batch < 1) {
      throw new IllegalArgumentException(
          "steps is " + steps + ", must be at least 2; batch is " + batch + ", at least 1");
    }
    length("x", x, (long) steps * batch * spec.inputSize());
    length("dh", dh, (long) spec.parts() * batch * spec.stateSize());
    StackTrainer trainer = StackTrainer.of(spec);
    StackFlow flow = new StackFlow(spec, steps).listenTo(trainer);
    trainer.load(weights);
    float[] h = new float[dh.length];
    int cells = spec.hasCell() ? spec.parts() * batch * spec.hiddenSize() : 0;
    float @Nullable [] c = spec.hasCell() ? new float[cells] : null;
    float @Nullable [] dc = spec.hasCell() ? new float[cells] : null;
    float[] y = new float[steps * batch * spec.outputSize()];
    trainer.forward(SequenceLayout.TIME_MAJOR, steps, batch, null, x, y, h, c);
    StackWeights unused = StackWeights.zeros(spec);
    trainer.backward(x, 0, null, 0, dh.clone(), 0, dc, 0, null, 0, unused, false);
    float[] first = new float[steps * spec.inputSize()];
    for (int t = 0; t < steps; t++) {
      int in = spec.inputSize();
      System.arraycopy(x, t * batch * in, first, t * in, in);
    }
    return flow.diagnose(weights, steps, first);
  }

  private static void length(String name, float[] data, long wanted) {
    if (requireNonNull(data, name).length != wanted) {
      throw new IllegalArgumentException(
          name + " has " + data.length + " elements, must have " + wanted);
    }
  }

  private String name(int part) {
    String layer = "layer " + spec.layer(part);
    return spec.directions() == 1
        ? layer
        : layer + (spec.direction(part) == Direction.REVERSE ? ", reverse" : ", forward");
  }

  /** What a layer takes: the output of the layers below it. */
  private float[] input(StackWeights weights, int layer, int steps, float[] x) {
    if (layer == 0) {
      return x;
    }
    StackSpec below = StackSpec.of(spec.cell(0), layer);
    if (spec.directions() == 2) {
      below = below.bidirectional(spec.merge());
    }
    if (spec.residuals()) {
      below = below.withResiduals();
    }
    StackWeights part = StackWeights.of(below, weights.parts().subList(0, below.parts()));
    float[] y = new float[steps * below.outputSize()];
    float[] h = new float[below.parts() * below.stateSize()];
    float @Nullable [] c = below.hasCell() ? new float[below.parts() * below.hiddenSize()] : null;
    Stack.of(PackedStack.pack(part)).forward(SequenceLayout.TIME_MAJOR, steps, 1, null, x, y, h, c);
    return y;
  }

  private static float[] reversed(int steps, float[] x) {
    int width = x.length / steps;
    float[] reversed = new float[x.length];
    for (int t = 0; t < steps; t++) {
      System.arraycopy(x, t * width, reversed, (steps - 1 - t) * width, width);
    }
    return reversed;
  }
}

package dev.unroll.layer;

import static java.util.Objects.requireNonNull;

import dev.unroll.cell.CellSpec;
import dev.unroll.cell.WeightSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The parameters of a stack as plain arrays, or gradients: a {@link WeightSet} for each part, layer
 * after layer, forward before reverse. The arrays are the caller's, as there.
 */
public final class StackWeights {

  private final StackSpec spec;
  private final List<WeightSet> parts;
  private final List<float[]> arrays;

  private StackWeights(StackSpec spec, List<WeightSet> parts) {
    this.spec = spec;
    this.parts = parts;
    arrays = parts.stream().flatMap(part -> part.arrays().stream()).toList();
  }

  /**
   * Parameters of a stack.
   *
   * @throws NullPointerException when an argument or a part is null
   * @throws IllegalArgumentException when there are too many or too few, or one is of another cell
   *     than its layer has
   */
  public static StackWeights of(StackSpec spec, List<WeightSet> parts) {
    requireNonNull(spec, "spec");
    if (requireNonNull(parts, "parts").size() != spec.parts()) {
      throw new IllegalArgumentException(
          "parts has " + parts.size() + " elements, must have " + spec.parts() + " for " + spec);
    }
    for (int part = 0; part < spec.parts(); part++) {
      CellSpec wanted = spec.cell(spec.layer(part));
      if (!parts.get(part).spec().equals(wanted)) {
        throw new IllegalArgumentException(
            "parts[" + part + "] is of " + parts.get(part).spec() + ", must be of " + wanted);
      }
    }
    return new StackWeights(spec, List.copyOf(parts));
  }

  /** All parameters 0: gradients to accumulate into, or parameters to fill. */
  public static StackWeights zeros(StackSpec spec) {
    requireNonNull(spec, "spec");
    List<WeightSet> parts = new ArrayList<>();
    for (int part = 0; part < spec.parts(); part++) {
      parts.add(WeightSet.zeros(spec.cell(spec.layer(part))));
    }
    return new StackWeights(spec, List.copyOf(parts));
  }

  /** What these are the parameters of. */
  public StackSpec spec() {
    return spec;
  }

  /** The parts, not copies. */
  public List<WeightSet> parts() {
    return parts;
  }

  /** One part, not a copy. */
  public WeightSet part(int part) {
    return parts.get(Objects.checkIndex(part, parts.size()));
  }

  /** All arrays, part after part: for optimizers and norms. */
  public List<float[]> arrays() {
    return arrays;
  }

  @Override
  public String toString() {
    return "StackWeights[" + spec + "]";
  }
}

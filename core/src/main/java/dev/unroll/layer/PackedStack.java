package dev.unroll.layer;

import static java.util.Objects.requireNonNull;

import dev.unroll.cell.PackedCell;
import java.util.List;
import java.util.Objects;

/**
 * The weights of a stack, packed for the kernels of its cells. Holds copies; immutable, so any
 * number of plans and threads share it without locks.
 */
public final class PackedStack {

  private final StackSpec spec;
  private final List<PackedCell> parts;

  private PackedStack(StackSpec spec, List<PackedCell> parts) {
    this.spec = spec;
    this.parts = parts;
  }

  /**
   * Packs the weights of a stack.
   *
   * @throws NullPointerException when {@code weights} is null
   */
  public static PackedStack pack(StackWeights weights) {
    requireNonNull(weights, "weights");
    return new PackedStack(weights.spec(), weights.parts().stream().map(PackedCell::pack).toList());
  }

  /** What the weights belong to. */
  public StackSpec spec() {
    return spec;
  }

  /** One part. */
  public PackedCell part(int part) {
    return parts.get(Objects.checkIndex(part, parts.size()));
  }

  /** What the packed form takes, padding included. */
  public long bytes() {
    return parts.stream().mapToLong(PackedCell::bytes).sum();
  }

  @Override
  public String toString() {
    return "PackedStack[" + spec + ", " + bytes() + " bytes]";
  }
}

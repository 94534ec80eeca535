package dev.unroll.internal.scalar;

import dev.unroll.internal.spi.ActivationKernels;
import dev.unroll.internal.spi.Bf16Kernels;
import dev.unroll.internal.spi.CellGradKernels;
import dev.unroll.internal.spi.CellKernels;
import dev.unroll.internal.spi.KernelSet;
import dev.unroll.internal.spi.MatmulKernels;

/** The plain-Java twin. */
public final class ScalarKernels implements KernelSet {

  private final ActivationKernels activations = new ScalarActivations();
  private final MatmulKernels matmul = new ScalarMatmul();
  private final Bf16Kernels bf16 = new ScalarBf16();
  private final CellKernels cell = new ScalarCell();
  private final CellGradKernels cellGrad = new ScalarCellGrad();

  /** Called by the choice between the twins, and by tests that compare them. */
  public ScalarKernels() {}

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public int vectorBits() {
    return 0;
  }

  @Override
  public ActivationKernels activations() {
    return activations;
  }

  @Override
  public MatmulKernels matmul() {
    return matmul;
  }

  @Override
  public CellKernels cell() {
    return cell;
  }

  @Override
  public CellGradKernels cellGrad() {
    return cellGrad;
  }

  @Override
  public Bf16Kernels bf16() {
    return bf16;
  }
}

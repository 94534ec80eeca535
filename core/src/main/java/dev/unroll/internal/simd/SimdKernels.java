package dev.unroll.internal.simd;

import dev.unroll.internal.spi.ActivationKernels;
import dev.unroll.internal.spi.Bf16Kernels;
import dev.unroll.internal.spi.CellGradKernels;
import dev.unroll.internal.spi.CellKernels;
import dev.unroll.internal.spi.KernelSet;
import dev.unroll.internal.spi.MatmulKernels;

/** The vectorized twin; loaded by name, only where the Vector API is present. */
public final class SimdKernels implements KernelSet {

  private final ActivationKernels activations = new SimdActivations();
  private final MatmulKernels matmul = new SimdMatmul();
  private final Bf16Kernels bf16 = new SimdBf16();
  private final CellKernels cell = new SimdCell();
  private final CellGradKernels cellGrad = new SimdCellGrad();

  /** Called by the choice between the twins, and by tests that compare them. */
  public SimdKernels() {}

  @Override
  public String name() {
    return "simd";
  }

  @Override
  public int vectorBits() {
    return Species.FLOAT.vectorBitSize();
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

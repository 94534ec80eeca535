package dev.unroll.internal.spi;

/**
 * All kernel families of one twin.
 *
 * <p>Kernels behind this interface check nothing: the public facades have already checked every
 * argument. They hold no state, so one set serves all threads.
 */
public interface KernelSet {

  /** {@code "scalar"} or {@code "simd"}. */
  String name();

  /** The width of the vectors in bits; 0 for the scalar twin. */
  int vectorBits();

  /** The elementwise functions. */
  ActivationKernels activations();

  /** Matrix products, a panel at a time. */
  MatmulKernels matmul();

  /** Matrix products with weights stored as bfloat16. */
  Bf16Kernels bf16();

  /** The elementwise parts of the cells, forward. */
  CellKernels cell();

  /** The elementwise parts of the cells, backward. */
  CellGradKernels cellGrad();
}

package dev.unroll.cell;

import dev.unroll.internal.pack.TileShape;
import dev.unroll.internal.scalar.ScalarKernels;
import dev.unroll.internal.spi.ActivationKernels;
import dev.unroll.internal.spi.Bf16Kernels;
import dev.unroll.internal.spi.CellGradKernels;
import dev.unroll.internal.spi.CellKernels;
import dev.unroll.internal.spi.KernelSet;
import dev.unroll.internal.spi.MatmulKernels;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/**
 * Every way to run here: both twins, as far as the VM has them, and each of them with the panels of
 * either register file.
 */
final class Twins {

  private static final String SIMD = "dev.unroll.internal.simd.SimdKernels";

  private static final List<KernelSet> ALL = all();

  private Twins() {}

  static List<KernelSet> list() {
    return ALL;
  }

  private static List<KernelSet> all() {
    List<KernelSet> twins = new ArrayList<>();
    twins.add(new ScalarKernels());
    // By name: without the module of the Vector API the class cannot be linked.
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      try {
        twins.add(Class.forName(SIMD).asSubclass(KernelSet.class).getConstructor().newInstance());
      } catch (ReflectiveOperationException broken) {
        throw new IllegalStateException(broken);
      }
    }
    for (KernelSet twin : List.copyOf(twins)) {
      int lanes = twin.matmul().shape().lanes();
      for (int registers : new int[] {16, 32}) {
        TileShape shape = TileShape.of(lanes, registers);
        if (!shape.equals(twin.matmul().shape())) {
          twins.add(new Reshaped(twin, shape));
        }
      }
    }
    return List.copyOf(twins);
  }

  /** A twin with the panels of another register file. */
  private record Reshaped(KernelSet of, TileShape shape, MatmulKernels matmul)
      implements KernelSet {

    Reshaped(KernelSet of, TileShape shape) {
      this(of, shape, reshaped(of.matmul(), shape));
    }

    private static MatmulKernels reshaped(MatmulKernels of, TileShape shape) {
      return (MatmulKernels)
          Proxy.newProxyInstance(
              MatmulKernels.class.getClassLoader(),
              new Class<?>[] {MatmulKernels.class},
              (proxy, method, arguments) ->
                  method.getName().equals("shape") ? shape : method.invoke(of, arguments));
    }

    @Override
    public String name() {
      return of.name() + " with the blocks of " + shape.registers() + " registers";
    }

    @Override
    public int vectorBits() {
      return of.vectorBits();
    }

    @Override
    public ActivationKernels activations() {
      return of.activations();
    }

    @Override
    public Bf16Kernels bf16() {
      return of.bf16();
    }

    @Override
    public CellKernels cell() {
      return of.cell();
    }

    @Override
    public CellGradKernels cellGrad() {
      return of.cellGrad();
    }
  }
}

package dev.unroll.bench.peer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.unroll.bench.matmul.MatmulContender;
import dev.unroll.bench.matmul.MatmulContender.Packing;
import dev.unroll.bench.recurrent.RecurrentContender;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * oneDNN: the matmul primitive with weights as given and with weights reordered once into the
 * format that the primitive asks for, the inner product likewise, and recurrent layers.
 */
final class OneDnn {

  static final String NAME = "oneDNN";

  private OneDnn() {}

  static boolean present() {
    return Files.isRegularFile(library());
  }

  static Path library() {
    return PeerLibraries.preset("dnnl").resolve("libdnnl.so.3");
  }

  static List<MatmulContender> contenders() {
    return List.of(
        new Primitive("matmul", Kind.MATMUL),
        new Primitive("matmul, weights reordered", Kind.MATMUL),
        new Primitive("inner product, weights reordered", Kind.INNER_PRODUCT));
  }

  static List<RecurrentContender> recurrentContenders() {
    return List.of(new OneDnnLayer());
  }

  static EmptyCall emptyCall() {
    return new EmptyCall(
        NAME,
        "dnnl_version through java.lang.foreign",
        () -> {
          try {
            MemorySegment ignored = (MemorySegment) OneDnnApi.VERSION.invokeExact();
          } catch (Throwable t) {
            throw NativeCalls.unexpected(t);
          }
        });
  }

  static String describe() {
    try {
      MemorySegment version = (MemorySegment) OneDnnApi.VERSION.invokeExact();
      MemorySegment numbers = NativeCalls.integers(version, 3);
      int isa = (int) OneDnnApi.EFFECTIVE_ISA.invokeExact();
      return NAME
          + ": "
          + numbers.getAtIndex(JAVA_INT, 0)
          + "."
          + numbers.getAtIndex(JAVA_INT, 1)
          + "."
          + numbers.getAtIndex(JAVA_INT, 2)
          + "; instruction set mask 0x"
          + Integer.toHexString(isa)
          + ", OpenMP";
    } catch (Throwable t) {
      throw NativeCalls.unexpected(t);
    }
  }

  /** Bound when first used, so that asking for an absent library is no error. */
  private static final class Calls {
    static final MethodHandle MATMUL_PD =
        OneDnnApi.bind(
            "dnnl_matmul_primitive_desc_create",
            FunctionDescriptor.of(
                JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    static final MethodHandle INNER_PRODUCT_PD =
        OneDnnApi.bind(
            "dnnl_inner_product_forward_primitive_desc_create",
            FunctionDescriptor.of(
                JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
  }

  private enum Kind {
    MATMUL,
    INNER_PRODUCT
  }

  private static final class Primitive extends NativeMatmul {

    private final Kind kind;
    private MemorySegment primitive = MemorySegment.NULL;
    private MemorySegment arguments = MemorySegment.NULL;

    Primitive(String variant, Kind kind) {
      super(NAME, variant);
      this.kind = kind;
    }

    @Override
    void setUp(Arena memory, int threads) throws Throwable {
      OneDnnApi.OMP_SET_NUM_THREADS.invokeExact(threads);
      MemorySegment src = OneDnnApi.dense(memory, m, k);
      MemorySegment dst = OneDnnApi.dense(memory, m, n);
      boolean product = kind == Kind.MATMUL;
      // The inner product calls its weights n x k: the same memory, seen through swapped strides.
      MemorySegment given =
          product
              ? OneDnnApi.dense(memory, k, n)
              : OneDnnApi.strided(memory, new long[] {n, k}, new long[] {1, n});
      MemorySegment wanted =
          packing() == Packing.INSIDE
              ? given
              : product ? OneDnnApi.any(memory, k, n) : OneDnnApi.any(memory, n, k);
      MemorySegment description = description(memory, src, wanted, dst);
      MemorySegment weightsLayout = OneDnnApi.layout(description, OneDnnApi.ARG_WEIGHTS);
      primitive = OneDnnApi.create(memory, description, variant());

      MemorySegment weights = OneDnnApi.wrap(memory, given, b);
      if (packing() == Packing.BEFORE) {
        MemorySegment reordered = OneDnnApi.fresh(memory, weightsLayout);
        OneDnnApi.reorder(memory, given, weights, weightsLayout, reordered);
        weights = reordered;
      }
      arguments =
          OneDnnApi.arguments(
              memory,
              new int[] {OneDnnApi.ARG_SRC, OneDnnApi.ARG_WEIGHTS, OneDnnApi.ARG_DST},
              new MemorySegment[] {
                OneDnnApi.wrap(memory, src, a), weights, OneDnnApi.wrap(memory, dst, c)
              });
      call();
    }

    private MemorySegment description(
        Arena memory, MemorySegment src, MemorySegment weights, MemorySegment dst)
        throws Throwable {
      MemorySegment out = memory.allocate(ADDRESS);
      MemorySegment none = MemorySegment.NULL;
      if (kind == Kind.MATMUL) {
        OneDnnApi.check(
            (int)
                Calls.MATMUL_PD.invokeExact(out, OneDnnApi.ENGINE, src, weights, none, dst, none));
      } else {
        OneDnnApi.check(
            (int)
                Calls.INNER_PRODUCT_PD.invokeExact(
                    out,
                    OneDnnApi.ENGINE,
                    OneDnnApi.FORWARD_INFERENCE,
                    src,
                    weights,
                    none,
                    dst,
                    none));
      }
      return out.get(ADDRESS, 0);
    }

    @Override
    void call() throws Throwable {
      OneDnnApi.execute(primitive, 3, arguments);
    }

    @Override
    void tearDown() throws Throwable {
      if (!primitive.equals(MemorySegment.NULL)) {
        OneDnnApi.destroy(primitive);
        primitive = MemorySegment.NULL;
      }
    }
  }
}

package dev.unroll.bench.peer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.unroll.bench.matmul.MatmulContender;
import dev.unroll.bench.matmul.MatmulContender.Packing;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * oneDNN through its C interface: the matmul primitive with weights as given and with weights
 * reordered once into the format that the primitive asks for, and the inner product likewise.
 */
final class OneDnn {

  private static final String NAME = "oneDNN";

  private static final int CPU = 1;
  private static final int IN_ORDER = 1;
  private static final int F32 = 3;
  private static final int ANY_FORMAT = 1;
  private static final int FORWARD_INFERENCE = 96;
  private static final int QUERY_WEIGHTS = 131;
  private static final int QUERY_IMPLEMENTATION = 8;
  private static final int ARG_SRC = 1;
  private static final int ARG_DST = 17;
  private static final int ARG_WEIGHTS = 33;

  private OneDnn() {}

  static boolean present() {
    return Files.isRegularFile(library());
  }

  private static Path library() {
    return PeerLibraries.preset("dnnl").resolve("libdnnl.so.3");
  }

  static List<MatmulContender> contenders() {
    return List.of(
        new Primitive("matmul", Kind.MATMUL, Packing.INSIDE),
        new Primitive("matmul, weights reordered", Kind.MATMUL, Packing.BEFORE),
        new Primitive("inner product, weights reordered", Kind.INNER_PRODUCT, Packing.BEFORE));
  }

  static String describe() {
    try {
      MemorySegment version = (MemorySegment) Calls.VERSION.invokeExact();
      MemorySegment numbers = NativeCalls.integers(version, 3);
      int isa = (int) Calls.EFFECTIVE_ISA.invokeExact();
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

  private static void check(int status) {
    if (status != 0) {
      throw new IllegalStateException("oneDNN status " + status);
    }
  }

  /** Bound when first used, so that asking for an absent library is no error. */
  private static final class Calls {
    static final MethodHandle VERSION;
    static final MethodHandle EFFECTIVE_ISA;
    static final MethodHandle MD_CREATE_STRIDES;
    static final MethodHandle MD_CREATE_TAG;
    static final MethodHandle MD_SIZE;
    static final MethodHandle MATMUL_PD;
    static final MethodHandle INNER_PRODUCT_PD;
    static final MethodHandle REORDER_PD;
    static final MethodHandle PD_QUERY_MD;
    static final MethodHandle PD_QUERY;
    static final MethodHandle MEMORY_CREATE;
    static final MethodHandle PRIMITIVE_CREATE;
    static final MethodHandle PRIMITIVE_DESTROY;
    static final MethodHandle EXECUTE;
    static final MethodHandle STREAM_WAIT;
    static final MethodHandle OMP_SET_NUM_THREADS;
    static final MemorySegment ENGINE;
    static final MemorySegment STREAM;

    static {
      SymbolLookup omp = NativeCalls.load(library().resolveSibling("libgomp.so.1"));
      OMP_SET_NUM_THREADS =
          NativeCalls.bind(omp, "omp_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT));
      SymbolLookup lib = NativeCalls.load(library());
      VERSION = NativeCalls.bind(lib, "dnnl_version", FunctionDescriptor.of(ADDRESS));
      EFFECTIVE_ISA =
          NativeCalls.bind(lib, "dnnl_get_effective_cpu_isa", FunctionDescriptor.of(JAVA_INT));
      MD_CREATE_STRIDES =
          NativeCalls.bind(
              lib,
              "dnnl_memory_desc_create_with_strides",
              FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS));
      MD_CREATE_TAG =
          NativeCalls.bind(
              lib,
              "dnnl_memory_desc_create_with_tag",
              FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
      MD_SIZE =
          NativeCalls.bind(
              lib, "dnnl_memory_desc_get_size", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
      MATMUL_PD =
          NativeCalls.bind(
              lib,
              "dnnl_matmul_primitive_desc_create",
              FunctionDescriptor.of(
                  JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
      INNER_PRODUCT_PD =
          NativeCalls.bind(
              lib,
              "dnnl_inner_product_forward_primitive_desc_create",
              FunctionDescriptor.of(
                  JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS,
                  ADDRESS));
      REORDER_PD =
          NativeCalls.bind(
              lib,
              "dnnl_reorder_primitive_desc_create",
              FunctionDescriptor.of(
                  JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
      PD_QUERY_MD =
          NativeCalls.bind(
              lib,
              "dnnl_primitive_desc_query_md",
              FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT, JAVA_INT));
      PD_QUERY =
          NativeCalls.bind(
              lib,
              "dnnl_primitive_desc_query",
              FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
      MEMORY_CREATE =
          NativeCalls.bind(
              lib,
              "dnnl_memory_create",
              FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
      PRIMITIVE_CREATE =
          NativeCalls.bind(
              lib, "dnnl_primitive_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
      PRIMITIVE_DESTROY =
          NativeCalls.bind(lib, "dnnl_primitive_destroy", FunctionDescriptor.of(JAVA_INT, ADDRESS));
      EXECUTE =
          NativeCalls.bind(
              lib,
              "dnnl_primitive_execute",
              FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS));
      STREAM_WAIT =
          NativeCalls.bind(lib, "dnnl_stream_wait", FunctionDescriptor.of(JAVA_INT, ADDRESS));
      MethodHandle engineCreate =
          NativeCalls.bind(
              lib,
              "dnnl_engine_create",
              FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG));
      MethodHandle streamCreate =
          NativeCalls.bind(
              lib,
              "dnnl_stream_create",
              FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
      try {
        MemorySegment out = Arena.global().allocate(ADDRESS);
        check((int) engineCreate.invokeExact(out, CPU, 0L));
        ENGINE = out.get(ADDRESS, 0);
        check((int) streamCreate.invokeExact(out, ENGINE, IN_ORDER));
        STREAM = out.get(ADDRESS, 0);
      } catch (Throwable t) {
        throw NativeCalls.unexpected(t);
      }
    }
  }

  private enum Kind {
    MATMUL,
    INNER_PRODUCT
  }

  private static final class Primitive extends NativeMatmul {

    private final Kind kind;
    private MemorySegment primitive = MemorySegment.NULL;
    private MemorySegment arguments = MemorySegment.NULL;

    Primitive(String variant, Kind kind, Packing packing) {
      super(NAME, variant, packing);
      this.kind = kind;
    }

    @Override
    void setUp(Arena memory, int threads) throws Throwable {
      Calls.OMP_SET_NUM_THREADS.invokeExact(threads);
      MemorySegment src = strided(memory, m, k, k, 1);
      MemorySegment dst = strided(memory, m, n, n, 1);
      // The inner product calls its weights n x k: the same memory, seen through swapped strides.
      MemorySegment given =
          kind == Kind.MATMUL ? strided(memory, k, n, n, 1) : strided(memory, n, k, 1, n);
      MemorySegment wanted =
          packing() == Packing.INSIDE
              ? given
              : kind == Kind.MATMUL ? any(memory, k, n) : any(memory, n, k);

      MemorySegment out = memory.allocate(ADDRESS);
      if (kind == Kind.MATMUL) {
        check(
            (int)
                Calls.MATMUL_PD.invokeExact(
                    out, Calls.ENGINE, src, wanted, MemorySegment.NULL, dst, MemorySegment.NULL));
      } else {
        check(
            (int)
                Calls.INNER_PRODUCT_PD.invokeExact(
                    out,
                    Calls.ENGINE,
                    FORWARD_INFERENCE,
                    src,
                    wanted,
                    MemorySegment.NULL,
                    dst,
                    MemorySegment.NULL));
      }
      MemorySegment description = out.get(ADDRESS, 0);
      if (Boolean.getBoolean("dev.unroll.bench.verbose")) {
        check((int) Calls.PD_QUERY.invokeExact(description, QUERY_IMPLEMENTATION, 0, out));
        System.err.println(variant() + ": " + NativeCalls.string(out.get(ADDRESS, 0)));
      }
      MemorySegment weightsLayout =
          (MemorySegment) Calls.PD_QUERY_MD.invokeExact(description, QUERY_WEIGHTS, 0);
      check((int) Calls.PRIMITIVE_CREATE.invokeExact(out, description));
      primitive = out.get(ADDRESS, 0);

      MemorySegment weights = wrap(memory, given, b);
      if (packing() == Packing.BEFORE) {
        long bytes = (long) Calls.MD_SIZE.invokeExact(weightsLayout);
        MemorySegment packed = memory.allocate(bytes, NativeCalls.ALIGNMENT);
        MemorySegment reordered = wrap(memory, weightsLayout, packed);
        reorder(memory, given, weights, weightsLayout, reordered);
        weights = reordered;
      }
      arguments =
          arguments(
              memory,
              new int[] {ARG_SRC, ARG_WEIGHTS, ARG_DST},
              new MemorySegment[] {wrap(memory, src, a), weights, wrap(memory, dst, c)});
      call();
    }

    @Override
    void call() throws Throwable {
      int status = (int) Calls.EXECUTE.invokeExact(primitive, Calls.STREAM, 3, arguments);
      int waited = (int) Calls.STREAM_WAIT.invokeExact(Calls.STREAM);
      if ((status | waited) != 0) {
        check(status | waited);
      }
    }

    @Override
    void tearDown() throws Throwable {
      if (!primitive.equals(MemorySegment.NULL)) {
        check((int) Calls.PRIMITIVE_DESTROY.invokeExact(primitive));
        primitive = MemorySegment.NULL;
      }
    }

    private static MemorySegment strided(
        Arena memory, long rows, long columns, long rowStride, long columnStride) throws Throwable {
      MemorySegment out = memory.allocate(ADDRESS);
      MemorySegment dims = memory.allocateFrom(JAVA_LONG, rows, columns);
      MemorySegment strides = memory.allocateFrom(JAVA_LONG, rowStride, columnStride);
      check((int) Calls.MD_CREATE_STRIDES.invokeExact(out, 2, dims, F32, strides));
      return out.get(ADDRESS, 0);
    }

    private static MemorySegment any(Arena memory, long rows, long columns) throws Throwable {
      MemorySegment out = memory.allocate(ADDRESS);
      MemorySegment dims = memory.allocateFrom(JAVA_LONG, rows, columns);
      check((int) Calls.MD_CREATE_TAG.invokeExact(out, 2, dims, F32, ANY_FORMAT));
      return out.get(ADDRESS, 0);
    }

    private static MemorySegment wrap(Arena memory, MemorySegment layout, MemorySegment data)
        throws Throwable {
      MemorySegment out = memory.allocate(ADDRESS);
      check((int) Calls.MEMORY_CREATE.invokeExact(out, layout, Calls.ENGINE, data));
      return out.get(ADDRESS, 0);
    }

    private static MemorySegment arguments(Arena memory, int[] kinds, MemorySegment[] values) {
      MemorySegment list = memory.allocate(16L * kinds.length, 8);
      for (int i = 0; i < kinds.length; i++) {
        list.set(JAVA_INT, 16L * i, kinds[i]);
        list.set(ADDRESS, 16L * i + 8, values[i]);
      }
      return list;
    }

    private static void reorder(
        Arena memory,
        MemorySegment fromLayout,
        MemorySegment from,
        MemorySegment toLayout,
        MemorySegment to)
        throws Throwable {
      MemorySegment out = memory.allocate(ADDRESS);
      check(
          (int)
              Calls.REORDER_PD.invokeExact(
                  out, fromLayout, Calls.ENGINE, toLayout, Calls.ENGINE, MemorySegment.NULL));
      MemorySegment description = out.get(ADDRESS, 0);
      check((int) Calls.PRIMITIVE_CREATE.invokeExact(out, description));
      MemorySegment reorder = out.get(ADDRESS, 0);
      MemorySegment list =
          arguments(memory, new int[] {ARG_SRC, ARG_DST}, new MemorySegment[] {from, to});
      check((int) Calls.EXECUTE.invokeExact(reorder, Calls.STREAM, 2, list));
      check((int) Calls.STREAM_WAIT.invokeExact(Calls.STREAM));
      check((int) Calls.PRIMITIVE_DESTROY.invokeExact(reorder));
    }
  }
}

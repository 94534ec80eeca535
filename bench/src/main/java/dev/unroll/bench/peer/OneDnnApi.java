package dev.unroll.bench.peer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * oneDNN's C interface, as much of it as products and recurrent layers share. Loaded when first
 * used, so that asking for an absent library is no error.
 */
final class OneDnnApi {

  static final int FORWARD_TRAINING = 64;
  static final int FORWARD_INFERENCE = 96;
  static final int BACKWARD = 128;
  static final int ARG_SRC = 1;
  static final int ARG_DST = 17;
  static final int ARG_WEIGHTS = 33;

  private static final int CPU = 1;
  private static final int IN_ORDER = 1;
  private static final int F32 = 3;
  private static final int ANY_FORMAT = 1;
  private static final int QUERY_IMPLEMENTATION = 8;
  private static final int QUERY_ARGUMENT = 255;

  static final MethodHandle VERSION;
  static final MethodHandle EFFECTIVE_ISA;
  static final MethodHandle MD_CREATE_STRIDES;
  static final MethodHandle MD_CREATE_TAG;
  static final MethodHandle MD_SIZE;
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
    SymbolLookup omp = NativeCalls.load(OneDnn.library().resolveSibling("libgomp.so.1"));
    OMP_SET_NUM_THREADS =
        NativeCalls.bind(omp, "omp_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT));
    SymbolLookup lib = NativeCalls.load(OneDnn.library());
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
    REORDER_PD =
        NativeCalls.bind(
            lib,
            "dnnl_reorder_primitive_desc_create",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
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
            lib, "dnnl_stream_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
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

  private OneDnnApi() {}

  /** Binds one more function. */
  static MethodHandle bind(String name, FunctionDescriptor type) {
    return NativeCalls.bind(NativeCalls.load(OneDnn.library()), name, type);
  }

  /** Throws unless the status is success. */
  static void check(int status) {
    if (status != 0) {
      throw new IllegalStateException("oneDNN status " + status);
    }
  }

  /** Describes an array by the distances, in elements, between neighbours in each dimension. */
  static MemorySegment strided(Arena memory, long[] dims, long[] strides) throws Throwable {
    MemorySegment out = memory.allocate(ADDRESS);
    check(
        (int)
            MD_CREATE_STRIDES.invokeExact(
                out,
                dims.length,
                memory.allocateFrom(JAVA_LONG, dims),
                F32,
                memory.allocateFrom(JAVA_LONG, strides)));
    return out.get(ADDRESS, 0);
  }

  /** Describes an array without gaps whose last dimension runs fastest. */
  static MemorySegment dense(Arena memory, long... dims) throws Throwable {
    long[] strides = new long[dims.length];
    long stride = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= dims[i];
    }
    return strided(memory, dims, strides);
  }

  /** Leaves the layout to the primitive. */
  static MemorySegment any(Arena memory, long... dims) throws Throwable {
    MemorySegment out = memory.allocate(ADDRESS);
    check(
        (int)
            MD_CREATE_TAG.invokeExact(
                out, dims.length, memory.allocateFrom(JAVA_LONG, dims), F32, ANY_FORMAT));
    return out.get(ADDRESS, 0);
  }

  /** A memory object over the data. */
  static MemorySegment wrap(Arena memory, MemorySegment layout, MemorySegment data)
      throws Throwable {
    MemorySegment out = memory.allocate(ADDRESS);
    check((int) MEMORY_CREATE.invokeExact(out, layout, ENGINE, data));
    return out.get(ADDRESS, 0);
  }

  /** A memory object over fresh memory of the layout's size. */
  static MemorySegment fresh(Arena memory, MemorySegment layout) throws Throwable {
    long bytes = (long) MD_SIZE.invokeExact(layout);
    return wrap(memory, layout, memory.allocate(Math.max(1, bytes), NativeCalls.ALIGNMENT));
  }

  /** The layout that a primitive wants for one of its arguments. */
  static MemorySegment layout(MemorySegment description, int argument) throws Throwable {
    return (MemorySegment) PD_QUERY_MD.invokeExact(description, QUERY_ARGUMENT, argument);
  }

  /** A primitive of this description. */
  static MemorySegment create(Arena memory, MemorySegment description, String what)
      throws Throwable {
    MemorySegment out = memory.allocate(ADDRESS);
    if (Boolean.getBoolean("dev.unroll.bench.verbose")) {
      check((int) PD_QUERY.invokeExact(description, QUERY_IMPLEMENTATION, 0, out));
      System.err.println(what + ": " + NativeCalls.string(out.get(ADDRESS, 0)));
    }
    check((int) PRIMITIVE_CREATE.invokeExact(out, description));
    return out.get(ADDRESS, 0);
  }

  /** Runs a primitive and waits for it. */
  static void execute(MemorySegment primitive, int count, MemorySegment arguments)
      throws Throwable {
    int status = (int) EXECUTE.invokeExact(primitive, STREAM, count, arguments);
    int waited = (int) STREAM_WAIT.invokeExact(STREAM);
    if ((status | waited) != 0) {
      check(status | waited);
    }
  }

  static void destroy(MemorySegment primitive) throws Throwable {
    check((int) PRIMITIVE_DESTROY.invokeExact(primitive));
  }

  /** The list of arguments that a primitive takes: which, and the memory object. */
  static MemorySegment arguments(Arena memory, int[] kinds, MemorySegment[] values) {
    MemorySegment list = memory.allocate(16L * kinds.length, 8);
    for (int i = 0; i < kinds.length; i++) {
      list.set(JAVA_INT, 16L * i, kinds[i]);
      list.set(ADDRESS, 16L * i + 8, values[i]);
    }
    return list;
  }

  /** Copies from one memory object to another of another layout. */
  static void reorder(
      Arena memory,
      MemorySegment fromLayout,
      MemorySegment from,
      MemorySegment toLayout,
      MemorySegment to)
      throws Throwable {
    MemorySegment out = memory.allocate(ADDRESS);
    check(
        (int)
            REORDER_PD.invokeExact(out, fromLayout, ENGINE, toLayout, ENGINE, MemorySegment.NULL));
    MemorySegment reorder = create(memory, out.get(ADDRESS, 0), "reorder");
    execute(
        reorder,
        2,
        arguments(memory, new int[] {ARG_SRC, ARG_DST}, new MemorySegment[] {from, to}));
    destroy(reorder);
  }
}

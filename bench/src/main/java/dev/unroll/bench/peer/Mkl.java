package dev.unroll.bench.peer;

import static dev.unroll.bench.peer.Cblas.NO_TRANS;
import static dev.unroll.bench.peer.Cblas.ROW_MAJOR;
import static dev.unroll.bench.peer.Cblas.TRANS;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.unroll.bench.matmul.MatmulContender;
import dev.unroll.bench.matmul.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Intel MKL: plain, with weights packed beforehand, and with code generated for one shape. */
final class Mkl {

  private static final String NAME = "MKL";

  private Mkl() {}

  static boolean present() {
    return Files.isRegularFile(library());
  }

  private static Path library() {
    return PeerLibraries.preset("mkl").resolve("libmkl_rt.so.3");
  }

  static List<MatmulContender> contenders() {
    return List.of(
        new Sgemm(), new PackedSgemm(), new JitSgemm(), new Sgemv(false), new Sgemv(true));
  }

  static String describe() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(256);
      Calls.GET_VERSION_STRING.invokeExact(text, 256);
      return NAME + ": " + text.getString(0).strip();
    } catch (Throwable t) {
      throw NativeCalls.unexpected(t);
    }
  }

  /** Bound when first used, so that asking for an absent library is no error. */
  private static final class Calls {
    static final MethodHandle SGEMM;
    static final MethodHandle SGEMV;
    static final MethodHandle PACK_GET_SIZE;
    static final MethodHandle PACK;
    static final MethodHandle COMPUTE;
    static final MethodHandle JIT_CREATE;
    static final MethodHandle JIT_KERNEL;
    static final MethodHandle JIT_DESTROY;
    static final MethodHandle SET_NUM_THREADS;
    static final MethodHandle GET_VERSION_STRING;

    /** The generated kernels share one type; the address comes first. */
    static final MethodHandle JIT_CALL =
        NativeCalls.bindPointers(FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS, ADDRESS));

    static {
      SymbolLookup lib = NativeCalls.load(library());
      SGEMM = NativeCalls.bind(lib, "cblas_sgemm", Cblas.SGEMM);
      SGEMV = NativeCalls.bind(lib, "cblas_sgemv", Cblas.SGEMV);
      PACK_GET_SIZE =
          NativeCalls.bind(
              lib,
              "cblas_sgemm_pack_get_size",
              FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
      PACK =
          NativeCalls.bind(
              lib,
              "cblas_sgemm_pack",
              FunctionDescriptor.ofVoid(
                  JAVA_INT,
                  JAVA_INT,
                  JAVA_INT,
                  JAVA_INT,
                  JAVA_INT,
                  JAVA_INT,
                  JAVA_FLOAT,
                  ADDRESS,
                  JAVA_INT,
                  ADDRESS));
      COMPUTE =
          NativeCalls.bind(
              lib,
              "cblas_sgemm_compute",
              FunctionDescriptor.ofVoid(
                  JAVA_INT,
                  JAVA_INT,
                  JAVA_INT,
                  JAVA_INT,
                  JAVA_INT,
                  JAVA_INT,
                  ADDRESS,
                  JAVA_INT,
                  ADDRESS,
                  JAVA_INT,
                  JAVA_FLOAT,
                  ADDRESS,
                  JAVA_INT));
      JIT_CREATE =
          NativeCalls.bind(
              lib,
              "mkl_cblas_jit_create_sgemm",
              FunctionDescriptor.of(
                  JAVA_INT,
                  ADDRESS,
                  JAVA_INT,
                  JAVA_INT,
                  JAVA_INT,
                  JAVA_INT,
                  JAVA_INT,
                  JAVA_INT,
                  JAVA_FLOAT,
                  JAVA_INT,
                  JAVA_INT,
                  JAVA_FLOAT,
                  JAVA_INT));
      JIT_KERNEL =
          NativeCalls.bind(lib, "mkl_jit_get_sgemm_ptr", FunctionDescriptor.of(ADDRESS, ADDRESS));
      JIT_DESTROY =
          NativeCalls.bind(lib, "mkl_jit_destroy", FunctionDescriptor.of(JAVA_INT, ADDRESS));
      SET_NUM_THREADS =
          NativeCalls.bind(lib, "MKL_Set_Num_Threads", FunctionDescriptor.ofVoid(JAVA_INT));
      GET_VERSION_STRING =
          NativeCalls.bind(
              lib, "MKL_Get_Version_String", FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT));
    }
  }

  private static final class Sgemm extends NativeMatmul {

    Sgemm() {
      super(NAME, "sgemm");
    }

    @Override
    void setUp(Arena memory, int threads) throws Throwable {
      Calls.SET_NUM_THREADS.invokeExact(threads);
    }

    @Override
    void call() throws Throwable {
      Calls.SGEMM.invokeExact(ROW_MAJOR, NO_TRANS, NO_TRANS, m, n, k, 1f, a, k, b, n, 0f, c, n);
    }
  }

  private static final class PackedSgemm extends NativeMatmul {

    /** CBLAS_IDENTIFIER and CBLAS_STORAGE of mkl_cblas.h. */
    private static final int B_MATRIX = 162;

    private static final int PACKED = 151;

    private MemorySegment packed = MemorySegment.NULL;

    PackedSgemm() {
      super(NAME, "sgemm_compute, B packed");
    }

    @Override
    void setUp(Arena memory, int threads) throws Throwable {
      Calls.SET_NUM_THREADS.invokeExact(threads);
      long bytes = (long) Calls.PACK_GET_SIZE.invokeExact(B_MATRIX, m, n, k);
      packed = memory.allocate(bytes, NativeCalls.ALIGNMENT);
      Calls.PACK.invokeExact(ROW_MAJOR, B_MATRIX, NO_TRANS, m, n, k, 1f, b, n, packed);
    }

    @Override
    void call() throws Throwable {
      Calls.COMPUTE.invokeExact(ROW_MAJOR, NO_TRANS, PACKED, m, n, k, a, k, packed, n, 0f, c, n);
    }
  }

  /** MKL's generated kernels, meant for small products that are repeated. */
  private static final class JitSgemm extends NativeMatmul {

    /**
     * MKL_JIT_ERROR; the other values say whether a kernel was generated or plain sgemm stands in.
     */
    private static final int ERROR = 2;

    private MemorySegment jitter = MemorySegment.NULL;
    private MemorySegment kernel = MemorySegment.NULL;

    JitSgemm() {
      super(NAME, "jit sgemm");
    }

    @Override
    public boolean accepts(Shape shape, int threads) {
      return threads == 1 && Math.max(shape.m(), Math.max(shape.n(), shape.k())) <= 300;
    }

    @Override
    void setUp(Arena memory, int threads) throws Throwable {
      Calls.SET_NUM_THREADS.invokeExact(threads);
      MemorySegment out = memory.allocate(ADDRESS);
      int status =
          (int)
              Calls.JIT_CREATE.invokeExact(
                  out, ROW_MAJOR, NO_TRANS, NO_TRANS, m, n, k, 1f, k, n, 0f, n);
      if (status == ERROR) {
        throw new IllegalStateException("MKL generated no kernel");
      }
      jitter = out.get(ADDRESS, 0);
      kernel = (MemorySegment) Calls.JIT_KERNEL.invokeExact(jitter);
    }

    @Override
    void call() throws Throwable {
      Calls.JIT_CALL.invokeExact(kernel, jitter, a, b, c);
    }

    @Override
    void tearDown() throws Throwable {
      if (!jitter.equals(MemorySegment.NULL)) {
        int ignored = (int) Calls.JIT_DESTROY.invokeExact(jitter);
        jitter = MemorySegment.NULL;
      }
    }
  }

  /** A single row times a matrix, stored as given or, as weights may be, transposed. */
  private static final class Sgemv extends NativeMatmul {

    private final boolean transposed;
    private MemorySegment weights = MemorySegment.NULL;

    Sgemv(boolean transposed) {
      super(NAME, transposed ? "sgemv, transposed weights" : "sgemv");
      this.transposed = transposed;
    }

    @Override
    public boolean accepts(Shape shape, int threads) {
      return shape.m() == 1;
    }

    @Override
    void setUp(Arena memory, int threads) throws Throwable {
      Calls.SET_NUM_THREADS.invokeExact(threads);
      weights = transposed ? Transposed.of(memory, b, k, n) : b;
    }

    @Override
    void call() throws Throwable {
      if (transposed) {
        Calls.SGEMV.invokeExact(ROW_MAJOR, NO_TRANS, n, k, 1f, weights, k, a, 1, 0f, c, 1);
      } else {
        Calls.SGEMV.invokeExact(ROW_MAJOR, TRANS, k, n, 1f, weights, n, a, 1, 0f, c, 1);
      }
    }
  }
}

package dev.unroll.bench.peer;

import static dev.unroll.bench.peer.Cblas.NO_TRANS;
import static dev.unroll.bench.peer.Cblas.ROW_MAJOR;
import static dev.unroll.bench.peer.Cblas.TRANS;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

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

/** OpenBLAS. It has no interface for weights packed beforehand. */
final class OpenBlas {

  private static final String NAME = "OpenBLAS";

  private OpenBlas() {}

  static boolean present() {
    return Files.isRegularFile(library());
  }

  private static Path library() {
    return PeerLibraries.preset("openblas").resolve("libopenblas.so.0");
  }

  static List<MatmulContender> contenders() {
    return List.of(new Sgemm(), new Sgemv(false), new Sgemv(true));
  }

  static String describe() {
    try {
      MemorySegment config = (MemorySegment) Calls.GET_CONFIG.invokeExact();
      MemorySegment core = (MemorySegment) Calls.GET_CORENAME.invokeExact();
      return NAME
          + ": "
          + NativeCalls.string(config).strip()
          + "; kernels for "
          + NativeCalls.string(core);
    } catch (Throwable t) {
      throw NativeCalls.unexpected(t);
    }
  }

  /** Bound when first used, so that asking for an absent library is no error. */
  private static final class Calls {
    static final MethodHandle SGEMM;
    static final MethodHandle SGEMV;
    static final MethodHandle SET_NUM_THREADS;
    static final MethodHandle GET_CONFIG;
    static final MethodHandle GET_CORENAME;

    static {
      Path directory = library().resolveSibling("");
      // Loaded first and in this order: the dynamic linker then finds them by their names.
      for (String needed : List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5")) {
        NativeCalls.load(directory.resolve(needed));
      }
      SymbolLookup lib = NativeCalls.load(library());
      SGEMM = NativeCalls.bind(lib, "cblas_sgemm", Cblas.SGEMM);
      SGEMV = NativeCalls.bind(lib, "cblas_sgemv", Cblas.SGEMV);
      SET_NUM_THREADS =
          NativeCalls.bind(lib, "openblas_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT));
      GET_CONFIG = NativeCalls.bind(lib, "openblas_get_config", FunctionDescriptor.of(ADDRESS));
      GET_CORENAME = NativeCalls.bind(lib, "openblas_get_corename", FunctionDescriptor.of(ADDRESS));
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

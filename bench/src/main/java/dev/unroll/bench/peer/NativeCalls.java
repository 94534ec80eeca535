package dev.unroll.bench.peer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Map;

/**
 * What all peers share: loading, binding, native memory. Everything that could crash the JVM when
 * it is wrong is called from here.
 */
final class NativeCalls {

  /** One cache line, and one 512-bit vector: the alignment that every peer recommends. */
  static final long ALIGNMENT = 64;

  private static final Linker LINKER = Linker.nativeLinker();

  private NativeCalls() {}

  /** Loads one shared object for the life of the process. */
  static SymbolLookup load(Path library) {
    return SymbolLookup.libraryLookup(library.toAbsolutePath(), Arena.global());
  }

  /** Binds one function of one library. */
  static MethodHandle bind(SymbolLookup library, String name, FunctionDescriptor type) {
    return LINKER.downcallHandle(library.findOrThrow(name), type);
  }

  /** Binds functions that are known by their address only, which becomes the first argument. */
  static MethodHandle bindPointers(FunctionDescriptor type) {
    return LINKER.downcallHandle(type);
  }

  /** Native memory that holds a copy of the values. */
  static MemorySegment copyOf(Arena arena, float[] values) {
    MemorySegment memory = allocate(arena, values.length);
    MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_FLOAT, 0, values.length);
    return memory;
  }

  /** Native memory for floats, zeroed and aligned. */
  static MemorySegment allocate(Arena arena, long floats) {
    return arena.allocate(Math.max(1, floats) * Float.BYTES, ALIGNMENT);
  }

  /** Rethrows what a method handle may throw; native functions throw nothing. */
  static IllegalStateException unexpected(Throwable thrown) {
    return new IllegalStateException("native call failed", thrown);
  }

  /** A C string, cut at its end. */
  static String string(MemorySegment address) {
    return address.equals(MemorySegment.NULL) ? "" : address.reinterpret(4096).getString(0);
  }

  /** The integers that an address points to. */
  static MemorySegment integers(MemorySegment address, int count) {
    return address.reinterpret((long) count * Integer.BYTES);
  }

  /**
   * Sets the process environment as the peers read it when they are loaded: nothing may force
   * OpenBLAS onto another processor's kernels, and idle OpenMP threads shall stop spinning before
   * the next contender's turn is timed. The number of threads goes this way too: MKL's OpenMP run
   * time stands in for GNU's once it is loaded, so that calling either is not enough.
   *
   * <p>ONNX Runtime would otherwise send what it is used for to its maker, from a thread of its
   * own; and with a command line of more than about 4000 characters, such as a long class path, its
   * first call overflows the stack in a regular expression over it.
   */
  static void prepareEnvironment(int threads) {
    SymbolLookup libc = LINKER.defaultLookup();
    MethodHandle unset = bind(libc, "unsetenv", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    MethodHandle set =
        bind(libc, "setenv", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      for (String name : new String[] {"OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"}) {
        int ignored = (int) unset.invokeExact(arena.allocateFrom(name));
      }
      Map<String, String> values =
          Map.of(
              "KMP_BLOCKTIME", "5",
              "OMP_NUM_THREADS", Integer.toString(threads),
              "OMP_DYNAMIC", "FALSE",
              "ORT_DISABLE_TELEMETRY", "1");
      for (Map.Entry<String, String> value : values.entrySet()) {
        int ignored =
            (int)
                set.invokeExact(
                    arena.allocateFrom(value.getKey()), arena.allocateFrom(value.getValue()), 1);
      }
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }
}

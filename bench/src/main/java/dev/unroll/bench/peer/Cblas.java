package dev.unroll.bench.peer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;

/** Constants and signatures of the C interface to BLAS, which OpenBLAS and MKL share. */
final class Cblas {

  static final int ROW_MAJOR = 101;
  static final int NO_TRANS = 111;
  static final int TRANS = 112;

  /** {@code cblas_sgemm(order, transA, transB, m, n, k, alpha, A, lda, B, ldb, beta, C, ldc)}. */
  static final FunctionDescriptor SGEMM =
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
          ADDRESS,
          JAVA_INT,
          JAVA_FLOAT,
          ADDRESS,
          JAVA_INT);

  /** {@code cblas_sgemv(order, trans, rows, columns, alpha, A, lda, x, incx, beta, y, incy)}. */
  static final FunctionDescriptor SGEMV =
      FunctionDescriptor.ofVoid(
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          JAVA_FLOAT,
          ADDRESS,
          JAVA_INT,
          ADDRESS,
          JAVA_INT,
          JAVA_FLOAT,
          ADDRESS,
          JAVA_INT);

  private Cblas() {}
}

package dev.unroll.testing.law;

import static dev.unroll.testing.law.MatmulOperands.bits;
import static dev.unroll.testing.law.MatmulOperands.scaled;
import static dev.unroll.testing.law.MatmulOperands.transpose;

import dev.unroll.testing.data.Fill;
import dev.unroll.testing.data.MatrixView;
import dev.unroll.testing.tolerance.ErrorBounds;
import dev.unroll.testing.tolerance.FloatAssert;
import dev.unroll.testing.tolerance.Reproducer;
import java.util.SplittableRandom;

/** What products have to do with each other. */
final class MatmulAlgebra {

  private final MatmulLaws laws;

  MatmulAlgebra(MatmulLaws laws) {
    this.laws = laws;
  }

  private MatmulOperands operands(int m, int n, int k, long seed) {
    return new MatmulOperands(laws, m, n, k, seed);
  }

  /** (A B)^T = B^T A^T: multiplication does not care which factor comes first. */
  void transposedProduct(int m, int n, int k, long seed) {
    MatmulOperands s = operands(m, n, k, seed);
    float[] ct = s.multiply(n, m, k, transpose(s.b(), k, n), transpose(s.a(), m, k));
    s.same(transpose(ct, n, m), s.product(), s.where("transposed product"));
  }

  void permutation(int m, int n, int k, long seed) {
    MatmulOperands s = operands(m, n, k, seed);
    SplittableRandom random = new SplittableRandom(seed);
    int[] rows = permutation(m, random);
    int[] columns = permutation(n, random);
    float[] a = s.a();
    float[] b = s.b();
    float[] c = s.product();
    float[] pa = new float[a.length];
    float[] pb = new float[b.length];
    float[] expected = new float[c.length];
    for (int i = 0; i < m; i++) {
      System.arraycopy(a, rows[i] * k, pa, i * k, k);
      for (int j = 0; j < n; j++) {
        expected[i * n + j] = c[rows[i] * n + columns[j]];
      }
    }
    for (int p = 0; p < k; p++) {
      for (int j = 0; j < n; j++) {
        pb[p * n + j] = b[p * n + columns[j]];
      }
    }
    // The bounds of the permuted product are permuted, so each row and column is undone first.
    float[] got = s.multiply(m, n, k, pa, pb);
    float[] undone = new float[c.length];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        undone[rows[i] * n + columns[j]] = got[i * n + j];
      }
    }
    s.same(undone, c, s.where("permutation"));
  }

  private static int[] permutation(int size, SplittableRandom random) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** Four blocks, cut anywhere; in place where the kernel can. */
  void blocks(int m, int n, int k, long seed) {
    MatmulOperands s = operands(m, n, k, seed);
    SplittableRandom random = new SplittableRandom(seed + m * 7L + n);
    int i = random.nextInt(m + 1);
    int j = random.nextInt(n + 1);
    float[] c = new float[m * n];
    float[] a = s.a();
    float[] b = s.b();
    for (int[] at : new int[][] {{0, i, 0, j}, {0, i, j, n}, {i, m, 0, j}, {i, m, j, n}}) {
      int rows = at[1] - at[0];
      int columns = at[3] - at[2];
      if (rows == 0 || columns == 0) {
        continue;
      }
      if (laws.strided) {
        laws.gemm.multiply(
            false,
            false,
            rows,
            columns,
            k,
            1,
            a,
            at[0] * k,
            k,
            b,
            at[2],
            n,
            0,
            c,
            at[0] * n + at[2],
            n);
      } else {
        float[] block =
            s.multiply(
                rows,
                columns,
                k,
                new MatrixView(a, at[0] * k, k).toDense(rows, k),
                new MatrixView(b, at[2], n).toDense(k, columns));
        for (int r = 0; r < rows; r++) {
          System.arraycopy(block, r * columns, c, (at[0] + r) * n + at[2], columns);
        }
      }
    }
    s.same(c, s.product(), s.where("blocks").with("row", i).with("column", j));
  }

  /** A, B and C as blocks of columns of one array. */
  void sideBySide(int m, int n, int k, long seed) {
    MatmulOperands s = operands(m, n, k, seed);
    int ld = k + 2 * n + 3;
    float[] all = Fill.MODERATE.array(Math.max(m, k) * ld, seed + 2);
    float[] expected = all.clone();
    float[] a = new MatrixView(all, 0, ld).toDense(m, k);
    float[] b = new MatrixView(all, k, ld).toDense(k, n);
    laws.gemm.multiply(false, false, m, n, k, 1, all, 0, ld, all, k, ld, 0, all, k + n, ld);
    float[] c = new MatrixView(all, k + n, ld).toDense(m, n);
    Reproducer where = s.where("side by side");
    for (int i = 0; i < m; i++) {
      System.arraycopy(c, i * n, expected, i * ld + k + n, n);
    }
    bits(all, expected, where);
    float[] apart = s.multiply(m, n, k, a, b);
    double[] bound = ErrorBounds.matmul(dev.unroll.testing.reference.MatmulCase.of(m, n, k, a, b));
    double[] wide = new double[c.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = apart[i];
      bound[i] = laws.oneOrder ? 0 : 2 * bound[i];
    }
    FloatAssert.assertWithin(c, 0, wide, bound, c.length, where);
  }

  /** Rows of the unit matrix choose rows of B, its columns choose columns of A. */
  void unitVectors(int m, int n, int k, long seed) {
    MatmulOperands s = operands(m, n, k, seed);
    SplittableRandom random = new SplittableRandom(seed);
    float[] a = s.a();
    float[] b = s.b();
    float[] choice = new float[m * k];
    float[] expected = new float[m * n];
    for (int i = 0; i < m; i++) {
      int p = random.nextInt(k);
      choice[i * k + p] = 1;
      System.arraycopy(b, p * n, expected, i * n, n);
    }
    bits(s.multiply(m, n, k, choice, b), expected, s.where("unit rows"));
    choice = new float[k * n];
    for (int j = 0; j < n; j++) {
      int p = random.nextInt(k);
      choice[p * n + j] = 1;
      for (int i = 0; i < m; i++) {
        expected[i * n + j] = a[i * k + p];
      }
    }
    bits(s.multiply(m, n, k, a, choice), expected, s.where("unit columns"));
  }

  void powersOfTwo(int m, int n, int k, long seed) {
    MatmulOperands s = operands(m, n, k, seed);
    for (float scale : new float[] {0x1p-50f, 0.5f, 2, 0x1p60f}) {
      float[] expected = scaled(s.product(), scale);
      Reproducer where = s.where("powers of two").with("scale", scale);
      bits(s.multiply(m, n, k, scaled(s.a(), scale), s.b()), expected, where);
      bits(s.multiply(m, n, k, s.a(), scaled(s.b(), scale)), expected, where);
    }
  }

  /** A (B + D) = A B + A D, within the bounds of the three products and the rounded sum. */
  void linearity(int m, int n, int k, long seed) {
    MatmulOperands s = operands(m, n, k, seed);
    float[] b = s.b();
    float[] d = Fill.MODERATE.array(k * n, seed + 2);
    float[] sum = new float[b.length];
    for (int i = 0; i < b.length; i++) {
      sum[i] = b[i] + d[i];
    }
    float[] left = s.multiply(m, n, k, s.a(), sum);
    float[] ab = s.product();
    float[] ad = s.multiply(m, n, k, s.a(), d);
    double[] right = new double[left.length];
    double[] bound = new double[left.length];
    double[] ofSum = s.magnitude(sum);
    double[] ofB = s.magnitude(b);
    double[] ofD = s.magnitude(d);
    double gamma = ErrorBounds.gamma(k + 2L);
    for (int i = 0; i < left.length; i++) {
      right[i] = (double) ab[i] + ad[i];
      bound[i] = gamma * (ofB[i] + ofD[i]) + (gamma + ErrorBounds.gamma(1)) * ofSum[i];
    }
    FloatAssert.assertWithin(left, 0, right, bound, left.length, s.where("linearity"));
  }

  void transposedOperands(int m, int n, int k, long seed) {
    MatmulOperands s = operands(m, n, k, seed);
    float[] expected = s.product();
    float[] at = transpose(s.a(), m, k);
    float[] bt = transpose(s.b(), k, n);
    float[] c = new float[m * n];
    laws.gemm.multiply(true, false, m, n, k, 1, at, 0, m, s.b(), 0, n, 0, c, 0, n);
    s.same(c, expected, s.where("A^T^T B"));
    laws.gemm.multiply(false, true, m, n, k, 1, s.a(), 0, k, bt, 0, k, 0, c, 0, n);
    s.same(c, expected, s.where("A B^T^T"));
    laws.gemm.multiply(true, true, m, n, k, 1, at, 0, m, bt, 0, k, 0, c, 0, n);
    s.same(c, expected, s.where("A^T^T B^T^T"));
  }

  void scalars(int m, int n, int k, long seed) {
    MatmulOperands s = operands(m, n, k, seed);
    for (float scale : new float[] {0x1p-50f, -2, 0x1p60f}) {
      float[] expected = scaled(s.product(), scale);
      float[] c = new float[m * n];
      Reproducer where = s.where("scalars").with("scale", scale);
      laws.gemm.multiply(false, false, m, n, k, scale, s.a(), 0, k, s.b(), 0, n, 0, c, 0, n);
      bits(c, expected, where.with("as", "alpha"));
      float[] scaledOnly = s.product();
      laws.gemm.multiply(
          false, false, m, n, k, 0, s.a(), 0, k, s.b(), 0, n, scale, scaledOnly, 0, n);
      bits(scaledOnly, expected, where.with("as", "beta"));
    }
  }

  /** beta = 1 takes a sum up where it was left, wherever k is cut. */
  void cutOfK(int m, int n, int k, long seed) {
    MatmulOperands s = operands(m, n, k, seed);
    int cut = new SplittableRandom(seed + k).nextInt(k + 1);
    float[] a = s.a();
    float[] b = s.b();
    float[] c = new float[m * n];
    laws.gemm.multiply(false, false, m, n, cut, 1, a, 0, k, b, 0, n, 0, c, 0, n);
    laws.gemm.multiply(false, false, m, n, k - cut, 1, a, cut, k, b, cut * n, n, 1, c, 0, n);
    Reproducer where = s.where("cut of k").with("cut", cut);
    if (laws.fmaChain) {
      bits(c, s.product(), where);
    } else {
      s.same(c, s.product(), where);
    }
  }
}

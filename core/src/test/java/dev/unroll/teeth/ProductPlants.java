package dev.unroll.teeth;

import java.util.List;

/** Bugs in matrix products: both twins, the blocked driver, packing, arguments, threads. */
@SuppressWarnings("StringConcatToTextBlock") // a text block would end with a line break
final class ProductPlants {

  private static final String SCALAR = "scalar/ScalarMatmul";
  private static final String SIMD = "simd/SimdMatmul";
  private static final String SWEEP = "simd/SimdSweep";
  private static final String BLOCKED = "pack/BlockedMatmul";
  private static final String PACKING = "pack/Packing";

  private ProductPlants() {}

  static List<Plant> all() {
    return List.of(
        product(
            "the last k is missing",
            SCALAR,
            "for (int p = 0, q = b0; p < kc; p++, q += ldb)",
            "for (int p = 0, q = b0; p < kc - 1; p++, q += ldb)"),
        product(
            "a column takes its neighbour's weights",
            SCALAR,
            "x6 = Fma.fma(x, b[q + 6], x6);",
            "x6 = Fma.fma(x, b[q + 5], x6);"),
        product(
            "zeros are skipped",
            SCALAR,
            "float x = a[a0 + p];\n      x0 = ",
            "float x = a[a0 + p];\n      if (x == 0) {\n        continue;\n      }\n      x0 = "),
        product(
            "two rounded operations instead of one",
            SCALAR,
            "c[y + j] = Fma.fma(x, b[q + j], c[y + j]);",
            "c[y + j] = x * b[q + j] + c[y + j];"),
        product(
            "two rows are left, one is computed",
            SIMD,
            "SimdTiles2Rows.tile2x2(kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);",
            "SimdTiles1Row.tile1x2(kc, a, a0, lda, b, b0, ldb, s, s0, lds, c, c0, ldc);"),
        product(
            "a sweep of four rows ends one k early",
            SWEEP,
            "for (; p < kc; p++) {\n      for (int i = 0; i < rows; i += 4) {",
            "for (; p < kc - 1; p++) {\n      for (int i = 0; i < rows; i += 4) {"),
        product(
            "a sweep of other rows ends one k early",
            SWEEP,
            "for (; p < kc; p++) {\n      for (int i = 0; i < rows; i++) {",
            "for (; p < kc - 1; p++) {\n      for (int i = 0; i < rows; i++) {"),
        product(
            "the fourth row takes its links in another order",
            SWEEP,
            "x32.fma(w2, x31.fma(w1, x30.fma(w0, y)))",
            "x31.fma(w1, x32.fma(w2, x30.fma(w0, y)))"),
        product(
            "the third row takes its links in another order",
            SWEEP,
            "x23.fma(w3, x22.fma(w2,",
            "x22.fma(w2, x23.fma(w3,"),
        product(
            "the second row goes on with the first",
            SWEEP,
            "y1 = x13.fma(w, y1);",
            "y1 = x13.fma(w, y0);"),
        product("a single row that is left over is forgotten", SWEEP, "y = x3.fma(", "x3.fma("),
        product(
            "the last links of four rows round twice",
            SWEEP,
            "x3.fma(w, FloatVector.fromArray(F, c, c3 + j)).intoArray(c, c3 + j);",
            "x3.mul(w).add(FloatVector.fromArray(F, c, c3 + j)).intoArray(c, c3 + j);"),
        product(
            "the last links of a row round twice",
            SWEEP,
            "xs.fma(FloatVector.fromArray(F, b, b0 + j), y).intoArray(c, c0 + j);",
            "xs.mul(FloatVector.fromArray(F, b, b0 + j)).add(y).intoArray(c, c0 + j);"),
        product(
            "the tail of a sweep rounds twice",
            SWEEP,
            "y = Fma.fma(a[a0 + 2], b[b2 + j], y);",
            "y = a[a0 + 2] * b[b2 + j] + y;"),
        product(
            "a sweep starts anew after each block of k",
            "pack/Sweep",
            "boolean started = k0 > 0 || p.beta != 0;",
            "boolean started = p.beta != 0;"),
        product(
            "each part of a sweep adds the bias of the first",
            "pack/Sweep",
            "System.arraycopy(p.bias, p.bias0 + j, to, y, count);",
            "System.arraycopy(p.bias, p.bias0, to, y, count);"),
        product(
            "the sixth row of a tall tile goes on with the fifth",
            "simd/SimdTilesPacked",
            "c51 = x.fma(w1, c51);",
            "c51 = x.fma(w1, c41);"),
        product(
            "the second vector of a row is packed twice",
            SIMD,
            "FloatVector z = FloatVector.fromArray(F, b, b0 + 2 * L);",
            "FloatVector z = FloatVector.fromArray(F, b, b0 + L);"),
        product(
            "later rows of a group are packed from its start",
            BLOCKED,
            "int b0 = p.b0 + (k0 + r) * p.ldb + panels.column(j);",
            "int b0 = p.b0 + k0 * p.ldb + panels.column(j);"),
        product(
            "panels at once step by a row instead of a panel",
            SIMD,
            "int bi = b0 + i * panelStep;",
            "int bi = b0 + i * ldb;"),
        product(
            "the fourth panel walks faster than the others",
            "simd/SimdTilesRow",
            "q3 += 3 * L;",
            "q3 += L;"),
        product(
            "the eighth row of a tall tile goes on with the seventh",
            "simd/SimdTiles8Rows",
            "c72 = x.fma(w2, c72);\n      p++;\n      r++;\n      q += ldb;",
            "c72 = x.fma(w2, c62);\n      p++;\n      r++;\n      q += ldb;"),
        product(
            "the eighth row of a tall packed tile goes on with the seventh",
            "simd/SimdTiles8RowsPacked",
            "c72 = x.fma(w2, c72);\n      p++;\n      r++;\n    }",
            "c72 = x.fma(w2, c62);\n      p++;\n      r++;\n    }"),
        product(
            "a tall tile that goes on from C reads two rows of A a row too early",
            "simd/SimdTiles8Rows",
            "int t = r + 3 * lda;",
            "int t = r + 2 * lda;"),
        product(
            "a tall packed tile that goes on from C reads two rows of A a row too early",
            "simd/SimdTiles8RowsPacked",
            "int t = r + 3 * lda;",
            "int t = r + 2 * lda;"),
        product(
            "the eighth row of a group goes on with the seventh",
            "simd/SimdTilesGrouped",
            "c72 = x.fma(w2, c72);",
            "c72 = x.fma(w2, c62);"),
        product(
            "rows behind whole groups are copied from the first of them",
            BLOCKED,
            "a = copyA(p, i + grouped, left, k0, kc, lda);",
            "a = copyA(p, i, left, k0, kc, lda);"),
        product(
            "a copied A of known distance is scaled as if it had none",
            BLOCKED,
            "Packing.scale(p.alpha, aCopy, to + i * ld, kc);",
            "Packing.scale(p.alpha, aCopy, to + i * kc, kc);"),
        product(
            "the last vector of a copied A is its first",
            "simd/SimdMatmul",
            "FloatVector.fromArray(F, a, a0 + last).intoArray(to, to0 + last);",
            "FloatVector.fromArray(F, a, a0).intoArray(to, to0);"),
        product(
            "the fifth row of a tile over a copied A reads the fourth",
            "simd/SimdTiles8RowsCopied",
            "x = FloatVector.broadcast(F, a[p + 4 * LDA]);\n"
                + "      c40 = x.fma(w0, c40);\n"
                + "      c41 = x.fma(w1, c41);\n"
                + "      c42",
            "x = FloatVector.broadcast(F, a[p + 3 * LDA]);\n"
                + "      c40 = x.fma(w0, c40);\n"
                + "      c41 = x.fma(w1, c41);\n"
                + "      c42"),
        product(
            "the seventh row of a tall tile goes on with the sixth",
            "simd/SimdTilesTall",
            "c62 = x.fma(w2, c62);",
            "c62 = x.fma(w2, c52);"),
        product(
            "the second of two panels in place walks by vectors",
            "simd/SimdTilesStreams4Rows",
            "q1 += ldb;",
            "q1 += L;"),
        product(
            "the last vector of four panels goes on with the one before",
            "simd/SimdTilesStreams",
            "c1b = x1.fma(w, c1b);",
            "c1b = x1.fma(w, c1a);"),
        product(
            "panels side by side in B are a whole panel apart",
            BLOCKED,
            "int bStep = columns * bColumn;",
            "int bStep = columns * p.k;"),
        product(
            "a copy of B is read from the start of its array on",
            BLOCKED,
            "case COPIED -> copyBase(panels, panel0, kc);",
            "case COPIED -> -panels.column(panel0) * kc;"),
        product(
            "panels that are walked at once are neighbours",
            BLOCKED,
            "apart = far ? groups : 1;",
            "apart = 1;"),
        product(
            "from the end, panels that are walked at once are counted from the start",
            BLOCKED,
            "int j = panel1 - visits + i;",
            "int j = panel1 - visits + visit;"),
        product(
            "the narrow panel of eight vectors has as much before k0 as the others",
            BLOCKED,
            "int b2 = b1 + width * bColumn - k0 * lanes;",
            "int b2 = b1 + width * bColumn;"),
        product(
            "the narrow panel of eight vectors walks like the others",
            "simd/SimdTilesRow",
            "q2 += 2 * L;",
            "q2 += 3 * L;"),
        product(
            "panels of different widths are walked at once",
            "pack/Panels",
            "width(last - 1) != width(first)",
            "width(last - 1) > width(first)"),
        product(
            "beta = 0 reads C",
            BLOCKED,
            "boolean started = k0 > 0 || p.beta != 0;",
            "boolean started = true;"),
        product(
            "each block of k starts anew",
            BLOCKED,
            "boolean started = k0 > 0 || p.beta != 0;",
            "boolean started = p.beta != 0;"),
        product(
            "B without its leading dimension",
            BLOCKED,
            "int ldb = place == IN_PLACE ? p.ldb : width;",
            "int ldb = place == IN_PLACE ? p.n : width;"),
        product(
            "the bias is added twice",
            BLOCKED,
            "p.c[c + j] = Fma.fma(p.beta, p.c[c + j], bias[from + j]);",
            "p.c[c + j] = Fma.fma(p.beta, p.c[c + j], 2 * bias[from + j]);"),
        product(
            "packed panels have the stride of a block of k",
            BLOCKED,
            "int bColumn = place == PACKED ? p.k : place == COPIED ? kc : 1;",
            "int bColumn = place == PACKED || place == COPIED ? kc : 1;"),
        product(
            "the activation is applied to padding",
            BLOCKED,
            "int columns = panels.column(panel1 - 1) + panels.columns(panel1 - 1) - column;\n"
                + "    for (int i = row0; i < row1; i++) {\n"
                + "      int c = p.c0 + i * p.ldc + column;\n"
                + "      activation",
            "int columns = panels.column(panel1) - column;\n"
                + "    for (int i = row0; i < row1; i++) {\n"
                + "      int c = p.c0 + i * p.ldc + column;\n"
                + "      activation"),
        product(
            "the activation is applied after each block of k",
            BLOCKED,
            "UnaryKernel activation = k1 == p.k && kc > 0 ? p.activation : null;",
            "UnaryKernel activation = kc > 0 ? p.activation : null;"),
        product(
            "alpha = 0 reads A and B", BLOCKED, "int k = p.alpha == 0 ? 0 : p.k;", "int k = p.k;"),
        product(
            "alpha scales transposed operands only",
            BLOCKED,
            "if (p.alpha != 1) {\n      Packing.scale(p.alpha, aCopy",
            "if (p.alpha != 1 && p.transposeA) {\n      Packing.scale(p.alpha, aCopy"),
        product(
            "padding is written beside C",
            BLOCKED,
            "System.arraycopy(edge, r * width, c, c0 + (i + r) * ldc, columns);",
            "System.arraycopy(edge, r * width, c, c0 + (i + r) * ldc,"
                + " Math.min(width, c.length - c0 - (i + r) * ldc));"),
        product(
            "rows of an edge panel repeat after the buffer's",
            BLOCKED,
            "int ai = a0 + i * lda;",
            "int ai = a0;"),
        product(
            "a later block of k reads the start of A",
            BLOCKED,
            "int a0 = p.a0 + i * p.lda + k0;",
            "int a0 = p.a0 + i * p.lda;"),
        product(
            "a transposed panel is read as a plain one",
            PACKING,
            "b0 + column * ldb + row0,",
            "b0 + row0 * ldb + column,"),
        product(
            "the last row of a transposed copy is missing",
            PACKING,
            "for (; i < rows; i++) {",
            "for (; i < rows - 1; i++) {"),
        product(
            "a padded panel counts as a full one",
            "pack/Panels",
            "return columns == firstColumn[count] ? count : count - 1;",
            "return count;"),
        Plant.in(
            Area.ARGUMENTS,
            "an array may be one element short",
            "check/Checks",
            "if (offset + length > data.length) {",
            "if (offset + length > data.length + 1L) {"),
        Plant.in(
            Area.ARGUMENTS,
            "overlaps of one element are let through",
            "check/Checks",
            "&& wOffset < oOffset + oLength",
            "&& wOffset + 1 < oOffset + oLength"),
        Plant.in(
            Area.THREADS,
            "the last row belongs to no thread",
            "parallel/SplitMatmul",
            "int row1 = Math.min(to * rowUnit, p.m);",
            "int row1 = Math.min(to * rowUnit, p.m - 1);"));
  }

  private static Plant product(String bug, String type, String snippet, String replacement) {
    return Plant.in(Area.PRODUCTS, bug, type, snippet, replacement);
  }
}

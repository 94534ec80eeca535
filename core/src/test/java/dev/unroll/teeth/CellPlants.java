package dev.unroll.teeth;

import java.util.List;

/** Bugs in recurrent cells: their stages, forward and backward, and the kernels of either twin. */
final class CellPlants {

  private CellPlants() {}

  static List<Plant> all() {
    return List.of(
        plant(
            "the second of two groups of halves goes on with the first",
            "internal/simd/SimdBf16",
            "s13 = x.fma(upper(w), s13);",
            "s13 = x.fma(upper(w), s03);"),
        plant(
            "the candidate of an LSTM goes through a sigmoid",
            "cell/ForwardStages",
            "    list.add(tanh(g));\n",
            "    list.add(sigmoid(g, 1));\n"),
        plant(
            "the forget gate is not activated",
            "cell/ForwardStages",
            "coupled ? sigmoid(i, 1) : sigmoid(i, 2)",
            "sigmoid(i, 1)"),
        plant(
            "the output gate sees the cell before the step",
            "cell/ForwardStages",
            "p, p0, 0, f.nextC, f.nextC0, f.ldNextC,",
            "p, p0, 0, f.c, f.c0, f.ldc,"),
        plant(
            "a clipped cell keeps its gradient",
            "cell/BackwardStages",
            "    if (spec.clipped()) {\n",
            "    if (spec.clipped() && spec.peepholes() && coupled) {\n"),
        plant(
            "a window of truncation lets the cell's gradient through",
            "cell/BackwardPass",
            "java.util.Arrays.fill(dCells, from, from + count * cell.padded(), 0f);",
            ""),
        plant(
            "the gradient of the last state is lost",
            "cell/BackwardPass",
            "to[at + j] = dy.data()[y + j] + dh[from + j];",
            "to[at + j] = dy.data()[y + j];"),
        plant(
            "the rows of a weight's gradient come first to last",
            "cell/WeightGradients",
            "    p.a0 = a0 + (count - 1) * lda;\n    p.lda = -lda;\n",
            "    p.a0 = a0;\n    p.lda = lda;\n"),
        plant(
            "the two biases of a candidate share a gradient",
            "cell/WeightGradients",
            "boolean apart = cell.candidateBias().length > 0;",
            "boolean apart = false;"),
        plant(
            "the previous cell is rounded before the gate",
            "internal/scalar/ScalarCell",
            "fma(vf, vc, vi * vg)",
            "vf * vc + vi * vg"),
        plant(
            "a GRU takes the new state for the old one",
            "internal/simd/SimdCell",
            "vu.fma(vh.sub(vn), vn)",
            "vu.fma(vn.sub(vh), vh)"),
        plant(
            "the reset gate's gradient forgets its function",
            "internal/simd/SimdCellGrad",
            "vn.mul(vnh).mul(sigmoidGradFromOutput(vr))",
            "vn.mul(vnh)"),
        plant(
            "the input gate's gradient takes the previous cell",
            "internal/scalar/ScalarCellGrad",
            "(vc * vg) * sigmoidGradFromOutput(vi)",
            "(vc * vp) * sigmoidGradFromOutput(vi)"),
        plant(
            "the squares of a row run on into what follows it",
            "internal/simd/SimdRowSquares",
            "Arrays.fill(TAIL, 0, PARTIAL_SUMS, -1)",
            "Arrays.fill(TAIL, -1)"),
        plant(
            "the third of four rows has its squares written over the second's",
            "internal/simd/SimdRowSquares",
            "sums[sums0 + toC] = sum.lane(L / 4)",
            "sums[sums0 + toB] = sum.lane(L / 4)"),
        plant(
            "a bias's gradient leaves out the first row when the rows are no multiple of four",
            "internal/simd/SimdCellGrad",
            "for (; row >= 0; row--)",
            "for (; row > 0; row--)"),
        plant(
            "what zoneout keeps has its gradient twice",
            "internal/random/Masks",
            "    y[y0] = choose(chosen, 0f, value);\n",
            ""),
        plant(
            "R's gradient takes h without its mask",
            "cell/WeightGradients",
            "masks.dropsRecurrent() ? tape.read : tape.h",
            "tape.h"),
        plant(
            "threads write their chunks over each other",
            "cell/ForwardPass",
            "part * regionRows()",
            "0"),
        plant(
            "every thread reads the inputs of the first rows",
            "cell/ForwardPass",
            "x.direct(rows.start(t0) + row0)",
            "x.direct(rows.start(t0))"),
        plant(
            "every thread takes dx from the first rows",
            "cell/WeightGradients",
            "(rows.start(t) - base + row0) * width + inputSlot()",
            "(rows.start(t) - base) * width + inputSlot()"),
        plant(
            "in reverse masks are those of another time",
            "cell/CellMasks",
            "f.of.time(f.t, row)",
            "f.t"));
  }

  private static Plant plant(String bug, String type, String snippet, String replacement) {
    return Plant.under("dev/unroll/", Area.CELLS, bug, type, snippet, replacement);
  }
}

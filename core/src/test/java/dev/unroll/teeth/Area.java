package dev.unroll.teeth;

import java.util.List;

/** A part of the library, and the tests of the normal build that are about it. */
@SuppressWarnings("ImmutableEnumChecker") // the list is never changed
enum Area {
  ACTIVATIONS(
      "kernel.ActivationsTest",
      "kernel.ActivationsLawsTest",
      "kernel.ActivationsSampleTest",
      "internal.spi.CellKernelsTest"),
  PRODUCTS(
      "kernel.MatmulTest",
      "kernel.MatmulProperties",
      "kernel.MatmulLawsProperties",
      "kernel.MatmulHashTest",
      "internal.spi.MatmulKernelsTest",
      "internal.pack.BlockedMatmulProperties"),
  ARGUMENTS("kernel.MatmulBadInputsTest", "kernel.ActivationsLawsTest"),
  THREADS(
      "internal.parallel.SplitMatmulTest",
      "internal.parallel.SharedCallTest",
      "kernel.MatmulThreadsProperties",
      "kernel.ParallelismTest",
      "stress.ThreadsTest"),
  FILES("io.SafetensorsTest", "io.SafetensorsHostileTest", "io.SafetensorsThreadsTest"),
  STACKS("layer.StackAccuracyProperties", "layer.StackProperties", "layer.StackTest"),
  CELLS(
      "cell.CellTest",
      "cell.CellTrainerTest",
      "cell.CellProperties",
      "cell.CellTrainerProperties",
      "cell.CellMasksProperties",
      "cell.BackwardProbeTest",
      "cell.CellBf16Test",
      "cell.CellGoldenLayersTest");

  private final List<String> tests;

  Area(String... tests) {
    this.tests = List.of(tests);
  }

  /** Class names; the ones most likely to fail first. */
  List<String> tests() {
    return tests.stream().map(name -> "dev.unroll." + name).toList();
  }
}

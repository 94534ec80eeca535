package dev.unroll.teeth;

import java.util.List;

/** Bugs in stacks, in files, and in what threads share. */
final class OtherPlants {

  private static final String SHARED = "internal/parallel/SharedCall";
  private static final String FILE = "io/TensorSource";
  private static final String HEADER = "io/HeaderParser";
  private static final String STACK = "layer/StackTrainer";
  private static final String WALK = "layer/Walk";

  private OtherPlants() {}

  static List<Plant> all() {
    return List.of(
        plant(
            Area.STACKS,
            "the last layer's residual has no gradient",
            STACK,
            "if (wanted && spec.residual(layer) && !(last && dy == null)) {",
            "if (wanted && spec.residual(layer) && !last) {"),
        plant(
            Area.STACKS,
            "a layer's output is added to itself",
            WALK,
            "        add(in, out);",
            "        add(out, out);"),
        plant(
            Area.STACKS,
            "the second direction overwrites the sum",
            WALK,
            "if (spec.adds(part)) {",
            "if (spec.adds(part) && layout == null) {"),
        plant(
            Area.STACKS,
            "the gradient of the second direction alone goes down",
            STACK,
            "        if (direction > 0) {\n          dIn",
            "        if (direction > 1) {\n          dIn"),
        plant(
            Area.FILES,
            "tensors may overlap",
            HEADER,
            "if (tensor.begin() != at) {",
            "if (tensor.begin() > at) {"),
        plant(
            Area.FILES,
            "something may follow the last tensor",
            HEADER,
            "if (dataBytes >= 0 && at != dataBytes) {",
            "if (dataBytes >= 0 && at > dataBytes) {"),
        plant(
            Area.FILES,
            "the length of a header has a sign",
            "io/Safetensors",
            "if (Long.compareUnsigned(length, HeaderParser.MAX_HEADER_BYTES) > 0) {",
            "if (length > HeaderParser.MAX_HEADER_BYTES) {"),
        plant(
            Area.FILES,
            "tensors are read one after the other",
            FILE,
            "        file.seek(at);\n",
            ""),
        plant(
            Area.FILES,
            "readers share the position of the file",
            FILE,
            "    private void fill(byte[] bytes, int count, long at, TensorInfo tensor)"
                + " throws IOException {\n      synchronized (lock) {",
            "    private void fill(byte[] bytes, int count, long at, TensorInfo tensor)"
                + " throws IOException {\n      {"),
        plant(Area.THREADS, "a call ends before its helpers", SHARED, "    await(opened);\n", ""),
        plant(
            Area.THREADS,
            "parts begin after the call was cancelled",
            SHARED,
            "int claimed = (int) claims.getAndSet(0);",
            "int claimed = (int) claims.get();"),
        plant(
            Area.THREADS,
            "a claim of one call holds in another",
            SHARED,
            "      int all = (int) (claim >>> 32);",
            "      int all = opened;"),
        plant(
            Area.THREADS,
            "an interrupt is lost",
            SHARED,
            "    if (interrupted) {",
            "    if (interrupted && count < 0) {"),
        plant(
            Area.THREADS,
            "a closed pool takes calls",
            "internal/parallel/PoolSplitter",
            "        closed = true;\n",
            ""));
  }

  private static Plant plant(
      Area area, String bug, String type, String snippet, String replacement) {
    return Plant.under("dev/unroll/", area, bug, type, snippet, replacement);
  }
}

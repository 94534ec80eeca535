package dev.unroll.internal.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The choice between the twins, for machines and VMs other than the one at hand. */
@Tag("once")
class ChoiceTest {

  private static final Map<String, String> PROPERTIES =
      Map.of(
          "os.arch", "amd64",
          "java.vm.name", "OpenJDK 64-Bit Server VM",
          "java.vm.version", "25.0.3+9-LTS",
          "java.vm.info", "mixed mode, sharing");

  private static final Map<String, String> FLAGS =
      Map.of(
          "UseFMA", "true",
          "UseAVX", "3",
          "MaxVectorSize", "64",
          "TieredStopAtLevel", "4",
          "CompilationMode", "default",
          "UseCompiler", "true");

  private static Capabilities machine(String... changes) {
    return machine(true, changes);
  }

  /** A wide modern x86 server with some flags (or, after a '.', properties) changed. */
  private static Capabilities machine(boolean module, String... changes) {
    Map<String, String> flags = new HashMap<>(FLAGS);
    Map<String, String> properties = new HashMap<>(PROPERTIES);
    for (String change : changes) {
      String[] pair = change.split("=", 2);
      Map<String, String> target = pair[0].contains(".") ? properties : flags;
      if (pair.length == 1) {
        target.remove(pair[0]);
      } else {
        target.put(pair[0], pair[1]);
      }
    }
    return Capabilities.probe(
        module,
        name -> properties.getOrDefault(name, ""),
        flags::get,
        new Capabilities.Cpu("Some CPU", null));
  }

  private static Choice auto(Capabilities facts) {
    return Choice.of(facts, null, null);
  }

  @Test
  void aMachineWithEverythingRunsVectorsAtFullWidth() {
    Choice choice = auto(machine());
    assertTrue(choice.simd());
    assertEquals(512, choice.vectorBits());
    assertEquals(choice, Choice.of(machine(), "auto", "512"));
  }

  @ParameterizedTest
  @CsvSource({
    "64, 512",
    "32, 256",
    "16, 128",
    // SVE machines can have lengths that are no powers of two, or more than the kernels use.
    "48, 256",
    "256, 512"
  })
  void theWidthIsWhatTheVmUses(int maxVectorSize, int bits) {
    assertEquals(bits, auto(machine("MaxVectorSize=" + maxVectorSize)).vectorBits());
  }

  @ParameterizedTest
  @CsvSource({"128, 128", "256, 256", "512, 256"})
  void theCapOnlyNarrows(String cap, int bits) {
    Choice choice = Choice.of(machine("MaxVectorSize=32"), null, cap);
    assertTrue(choice.simd());
    assertEquals(bits, choice.vectorBits());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "UseCompiler=false              | interprets",
        "TieredStopAtLevel=1            | TieredStopAtLevel=1",
        "TieredStopAtLevel=3            | TieredStopAtLevel=3",
        "TieredStopAtLevel              | no C2",
        "CompilationMode=quick-only     | quick-only",
        "EnableVectorSupport=false      | EnableVectorSupport",
        "UseJVMCICompiler=true          | JVMCI",
        "java.vm.version=25+37-jvmci-b01 | JVMCI",
        "java.vm.name=OpenJDK 64-Bit Client VM  | no C2",
        "java.vm.name=OpenJDK 64-Bit Zero VM    | no C2",
        "java.vm.name=OpenJDK 64-Bit Minimal VM | no C2",
        "java.vm.name=Eclipse OpenJ9 VM | no C2",
        "java.vm.info=mixed mode, emulated-client, sharing | no C2",
        "UseFMA=false                   | UseFMA",
        "UseFMA                         | UseFMA",
        "UseAVX=1                       | AVX2",
        "UseAVX=0                       | AVX2",
        "UseAVX                         | AVX2",
        "MaxVectorSize=8                | MaxVectorSize is 8",
        "MaxVectorSize=0                | MaxVectorSize is 0",
        "MaxVectorSize                  | MaxVectorSize is -1",
        "os.arch=riscv64                | riscv64",
      })
  void whatIsMissingIsNamed(String change, String reason) {
    Choice choice = auto(machine(change));
    assertFalse(choice.simd(), choice.toString());
    assertEquals(0, choice.vectorBits());
    assertTrue(choice.reason().contains(reason), choice.reason());
    assertFalse(choice.asked());
  }

  @Test
  void anArmMachineNeedsNoAvx() {
    Choice choice = auto(machine("os.arch=aarch64", "UseAVX", "MaxVectorSize=16"));
    assertTrue(choice.simd());
    assertEquals(128, choice.vectorBits());
  }

  @Test
  void aReadableJvmciFlagThatIsOffIsBelieved() {
    assertTrue(auto(machine("UseJVMCICompiler=false", "java.vm.version=25+37-jvmci-b01")).simd());
  }

  @Test
  void withoutTheModuleTheReasonSaysWhatToAdd() {
    Choice choice = auto(machine(false));
    assertFalse(choice.simd());
    assertTrue(choice.reason().contains("--add-modules jdk.incubator.vector"), choice.reason());
  }

  @ParameterizedTest
  @CsvSource({
    "Intel(R) Xeon(R) Processor @ 2.50GHz, fpu aes avx512f avx512_vnni, true",
    "Intel(R) Xeon(R) Platinum 8375C, fpu aes avx512f vaes vpclmulqdq, false",
    "Intel(R) Xeon(R) Platinum 8375C, fpu aes avx512f vaes, false",
    "AMD EPYC 7R32, fpu aes avx2, false",
    "Intel(R) Xeon(R) Processor, , false",
    ", , false",
  })
  void coresThatIssueFourOperationsACycle(
      @Nullable String name, @Nullable String features, boolean expected) {
    Capabilities facts =
        Capabilities.probe(true, key -> "", null, new Capabilities.Cpu(name, features));
    assertEquals(expected, facts.fourWide());
  }

  @Test
  void withoutReadableFlagsNothingIsAssumed() {
    Capabilities facts =
        Capabilities.probe(
            true,
            name -> PROPERTIES.getOrDefault(name, ""),
            null,
            new Capabilities.Cpu(null, null));
    assertFalse(facts.flagsReadable());
    assertFalse(facts.fma());
    assertEquals("amd64", facts.cpu());
    Choice choice = auto(facts);
    assertFalse(choice.simd());
    assertTrue(choice.reason().contains("flags cannot be read"), choice.reason());
  }

  @Test
  void scalarCanBeForced() {
    Choice choice = Choice.of(machine(), "scalar", null);
    assertFalse(choice.simd());
    assertTrue(choice.asked());
  }

  @ParameterizedTest
  @ValueSource(strings = {"UseCompiler=false", "UseFMA=false", "UseAVX=1", "MaxVectorSize=16"})
  void simdCanBeForcedWhereItIsSlow(String change) {
    Choice choice = Choice.of(machine(change), "simd", "128");
    assertTrue(choice.simd());
    assertEquals(128, choice.vectorBits());
    assertTrue(choice.asked());
  }

  @Test
  void forcedVectorsAreNeverNarrowerThanTheKernels() {
    assertEquals(128, Choice.of(machine("MaxVectorSize=8"), "simd", null).vectorBits());
  }

  @Test
  void simdCannotBeForcedWithoutItsModule() {
    IllegalStateException wrong =
        assertThrows(IllegalStateException.class, () -> Choice.of(machine(false), "simd", null));
    assertTrue(message(wrong).contains("--add-modules jdk.incubator.vector"), message(wrong));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "vector", "simd ", "true"})
  void anUnknownTwinIsRefused(String twin) {
    IllegalArgumentException wrong =
        assertThrows(IllegalArgumentException.class, () -> Choice.of(machine(), twin, null));
    assertEquals(
        "dev.unroll.twin must be auto, simd or scalar, but is '" + twin + "'", message(wrong));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "64", "1024", "0x100", "-256", "256 "})
  void anUnknownWidthIsRefusedEvenWhereNoVectorsRun(String bits) {
    IllegalArgumentException wrong =
        assertThrows(IllegalArgumentException.class, () -> Choice.of(machine(), "scalar", bits));
    assertEquals(
        "dev.unroll.vectorBits must be 128, 256 or 512, but is '" + bits + "'", message(wrong));
  }

  private static String message(Throwable thrown) {
    @Nullable String message = thrown.getMessage();
    return message == null ? "" : message;
  }
}

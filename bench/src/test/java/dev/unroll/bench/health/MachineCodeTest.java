package dev.unroll.bench.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Reads printed code of known instructions. */
class MachineCodeTest {

  private static String printed(String compiler, String... lines) {
    return "Compiled method ("
        + compiler
        + ") 756  641       4       dev.unroll.internal.simd.SimdTiles::tile3x3 (341 bytes)\n"
        + " total in heap  [0x00007faa004b4d80,0x00007faa004b4d80] = 10\n"
        + "[MachCode]\n[Entry Point]\n  # {method} {0x0} 'tile3x3'\n"
        + String.join("\n", lines)
        + "\n[/MachCode]\n";
  }

  private static MachineCode only(String text, boolean arm) {
    List<MachineCode> methods = MachineCode.read(text, arm);
    assertEquals(1, methods.size(), methods::toString);
    return methods.getFirst();
  }

  @Test
  void countsFmasOfVexAndSpillsInsideTheirLoop() {
    // vmovdqu [rsp+32],ymm3; then the loop: vfmadd231ps ymm0,ymm1,ymm2; vfmadd213ps
    // ymm8,ymm9,[rax];
    // vmovups ymm3,[rsp+0x120]; vmovdqu ymm3,[rax+16], which is no spill; mov rdx,[rsp+8];
    // jl to the first fma; and mov [rsp+8],rdx behind it.
    MachineCode code =
        only(
            printed(
                "c2",
                "  0x00007faa004b4d80: c5fe 7f5c | 2420 c4e2 | 75b8 c2c4 | 6235 a800 ",
                "  0x00007faa004b4d90: ;   {runtime_call Shared Runtime}",
                "  0x00007faa004b4d90: c5fc 109c | 2420 0100 | 00c5 fe6f | 5810 488b ",
                "  0x00007faa004b4da0: 5424 080f | 8cdd ffff | ff48 8954 | 2408 9090 | 9090 9090 "),
            false);
    assertEquals("dev.unroll.internal.simd.SimdTiles.tile3x3", code.method());
    assertEquals("SimdTiles.tile3x3", code.shortName());
    assertEquals(2, code.vectorFmas());
    assertEquals(256, code.vectorBits());
    assertEquals(1, code.vectorSpills());
    assertEquals(1, code.spills());
  }

  @Test
  void onlyTheInnermostLoopCounts() {
    // vmovdqu [rsp+32],ymm3 in an outer loop, vfmadd231ps in an inner one.
    MachineCode code =
        only(
            printed(
                "c2",
                "  0x0000000000000010: c5fe 7f5c | 2420 c4e2 | 75b8 c20f | 8cf5 ffff ",
                "  0x0000000000000020: ff0f 8ce9 | ffff ff90 | 9090 9090 | 9090 "),
            false);
    assertEquals(1, code.vectorFmas());
    assertEquals(0, code.vectorSpills());
  }

  @Test
  void countsFmasOfEvex() {
    // vfmadd231ps zmm0,zmm1,zmm2.
    MachineCode code =
        only(printed("c2", "  0x0000000000000010: 62f2 7548 | b8c2 9090 | 9090 9090 "), false);
    assertEquals(1, code.vectorFmas());
    assertEquals(512, code.vectorBits());
  }

  @Test
  void countsFmasOfArm() {
    // As bytes in memory: fmla v0.4s, v1.4s, v2.4s; str q3, [sp, #32]; ldr x4, [sp, #8];
    // b.lt to the first; str x4, [sp, #8].
    MachineCode code =
        only(
            printed(
                "c2",
                "  0x0000000000000010: 20cc 224e | e30b 803d | e407 40f9 | abff ff54 | e407 00f9 "),
            true);
    assertEquals(1, code.vectorFmas());
    assertEquals(128, code.vectorBits());
    assertEquals(1, code.vectorSpills());
    assertEquals(1, code.spills());
  }

  @Test
  void scalarFmasDoNotCount() {
    // vfmadd231ss xmm0,xmm1,xmm2.
    MachineCode code =
        only(printed("c2", "  0x0000000000000010: c4e2 71b9 | c290 9090 | 9090 "), false);
    assertEquals(0, code.vectorFmas());
    assertEquals(0, code.vectorBits());
  }

  @Test
  void passesOverOtherCompilers() {
    assertTrue(
        MachineCode.read(printed("c1", "  0x0000000000000010: c4e2 75b8 | c290 9090 "), false)
            .isEmpty());
    assertTrue(MachineCode.read("nothing of the kind", false).isEmpty());
  }
}

package dev.unroll.bench.health;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a compiled method consists of, read from the machine code that HotSpot prints as plain bytes
 * when no disassembler is installed ({@code -XX:CompileCommand=print}).
 *
 * <p>Fused multiply-adds, moves to and from the stack and jumps backwards are found by their
 * encodings, on x86-64 (VEX and EVEX) and on AArch64; no other instruction is decoded, so bytes
 * that only look like one could be counted too, which over a few kilobytes is unlikely.
 *
 * <p>Moves count inside the innermost loops that have a fused multiply-add. Elsewhere they cost
 * nothing worth knowing: most stand in the exits to the interpreter, which store every register.
 *
 * @param method class and name, with dots
 * @param bytes length of the code
 * @param vectorFmas fused multiply-adds of single-precision vectors
 * @param vectorBits their greatest width; 0 when there are none
 * @param vectorSpills moves of vectors to or from the stack, in loops
 * @param spills moves of general registers to or from the stack, in loops
 */
public record MachineCode(
    String method, int bytes, int vectorFmas, int vectorBits, int vectorSpills, int spills) {

  private static final Pattern HEADER =
      Pattern.compile(
          "Compiled method \\((c\\d)\\)\\s+.*?([\\w.$]+::[\\w$<>]+).*\\((\\d+) bytes\\)");

  private static final Pattern LINE =
      Pattern.compile("^\\s*0x[0-9a-f]+: ((?:[0-9a-f]{2,}[ |]*)+)$");

  /** Class and method without the package. */
  public String shortName() {
    int dot = method.lastIndexOf('.');
    return method.substring(method.lastIndexOf('.', dot - 1) + 1);
  }

  /** The methods that C2 compiled, in the order in which they were printed. */
  public static List<MachineCode> read(String printed, boolean arm) {
    List<MachineCode> methods = new ArrayList<>();
    String method = "";
    StringBuilder hex = null;
    for (String line : printed.split("\n", -1)) {
      Matcher header = HEADER.matcher(line);
      if (header.find()) {
        boolean onStackReplacement = line.contains(" @ ");
        method =
            header.group(1).equals("c2") && !onStackReplacement
                ? header.group(2).replace("::", ".")
                : "";
        hex = null;
      } else if (line.contains("[MachCode]")) {
        hex = new StringBuilder();
      } else if (line.contains("[/MachCode]")) {
        if (hex != null && !method.isEmpty() && hex.length() > 0) {
          methods.add(count(method, HexFormat.of().parseHex(hex), arm));
        }
        hex = null;
      } else if (hex != null) {
        Matcher bytes = LINE.matcher(line);
        if (bytes.matches()) {
          hex.append(bytes.group(1).replaceAll("[ |]", ""));
        }
      }
    }
    return methods;
  }

  private static MachineCode count(String method, byte[] code, boolean arm) {
    Scan scan = new Scan();
    if (arm) {
      scanArm(code, scan);
    } else {
      scanX86(code, scan);
    }
    List<Loop> loops = scan.innermost();
    return new MachineCode(
        method,
        code.length,
        scan.fmas.size(),
        scan.bits,
        Scan.inside(loops, scan.vectorMoves),
        Scan.inside(loops, scan.moves));
  }

  /** The bytes from a jump's target to the jump. */
  private record Loop(int from, int to) {

    boolean holds(int at) {
      return from <= at && at < to;
    }

    boolean holds(Loop other) {
      return from <= other.from && other.to <= to;
    }
  }

  /** Where what stands. */
  private static final class Scan {

    private final List<Integer> fmas = new ArrayList<>();
    private final List<Integer> vectorMoves = new ArrayList<>();
    private final List<Integer> moves = new ArrayList<>();
    private final List<Loop> loops = new ArrayList<>();
    private int bits;

    void fma(int at, int width) {
      fmas.add(at);
      bits = Math.max(bits, width);
    }

    void jump(int at, int target) {
      if (target >= 0 && target < at) {
        loops.add(new Loop(target, at));
      }
    }

    /** The loops with a fused multiply-add that hold no other such loop. */
    List<Loop> innermost() {
      List<Loop> hot = loops.stream().filter(l -> fmas.stream().anyMatch(l::holds)).toList();
      return hot.stream()
          .filter(l -> hot.stream().noneMatch(o -> !o.equals(l) && l.holds(o)))
          .distinct()
          .toList();
    }

    static int inside(List<Loop> loops, List<Integer> places) {
      return (int) places.stream().filter(at -> loops.stream().anyMatch(l -> l.holds(at))).count();
    }
  }

  /** VFMADD132PS, 213 and 231 have the last byte of their opcode in common in all encodings. */
  private static boolean fmaOpcode(int b) {
    return b == 0x98 || b == 0xA8 || b == 0xB8;
  }

  private static void scanX86(byte[] code, Scan scan) {
    for (int i = 0; i + 6 < code.length; i++) {
      int b0 = code[i] & 0xFF;
      int b1 = code[i + 1] & 0xFF;
      int b2 = code[i + 2] & 0xFF;
      int b3 = code[i + 3] & 0xFF;
      if (b0 == 0xC4 && (b1 & 0x1F) == 2 && (b2 & 0x83) == 1 && fmaOpcode(b3)) {
        // Three bytes of VEX: map 0F38, W = 0, prefix 66; L tells 128 from 256 bits.
        scan.fma(i, (b2 & 4) != 0 ? 256 : 128);
      } else if (b0 == 0x62 && (b1 & 7) == 2 && (b2 & 0x87) == 5 && fmaOpcode(code[i + 4] & 0xFF)) {
        // Four bytes of EVEX: the same, and L'L tells the width.
        scan.fma(i, 128 << (b3 >> 5 & 3));
      } else if (b0 == 0xC5 && (b1 & 4) != 0 && vectorMove(b2) && onStack(code, i + 3)) {
        scan.vectorMoves.add(i);
      } else if (b0 == 0x62
          && (b1 & 7) == 1
          && (b3 & 0x60) != 0
          && vectorMove(code[i + 4] & 0xFF)
          && onStack(code, i + 5)) {
        scan.vectorMoves.add(i);
      } else if ((b0 == 0x89 || b0 == 0x8B || b0 == 0x03) && onStack(code, i + 1)) {
        // MOV both ways, and ADD from memory, in which C2 likes to hide a reload.
        scan.moves.add(i);
      } else if (b0 == 0x0F && (b1 & 0xF0) == 0x80) {
        int distance = b2 | b3 << 8 | (code[i + 4] & 0xFF) << 16 | code[i + 5] << 24;
        scan.jump(i, i + 6 + distance);
      }
    }
  }

  private static boolean vectorMove(int opcode) {
    return opcode == 0x10 || opcode == 0x11 || opcode == 0x6F || opcode == 0x7F;
  }

  /** Whether an operand is memory relative to the stack pointer. */
  private static boolean onStack(byte[] code, int at) {
    if (at + 1 >= code.length) {
      return false;
    }
    int form = code[at] & 0xC7;
    return (form == 0x04 || form == 0x44 || form == 0x84) && code[at + 1] == 0x24;
  }

  private static void scanArm(byte[] code, Scan scan) {
    for (int i = 0; i + 3 < code.length; i += 4) {
      int word =
          (code[i] & 0xFF)
              | (code[i + 1] & 0xFF) << 8
              | (code[i + 2] & 0xFF) << 16
              | (code[i + 3] & 0xFF) << 24;
      if ((word & 0xBFA0FC00) == 0x0E20CC00) { // FMLA (vector), single precision.
        scan.fma(i, (word & 0x40000000) != 0 ? 128 : 64);
      } else if ((word & 0xFFA08000) == 0x65A00000) { // SVE's FMLA and FMAD, single precision.
        scan.fma(i, 128);
      } else if ((word & 0xFF8003E0) == 0x3D8003E0) { // LDR or STR of a Q register, base SP.
        scan.vectorMoves.add(i);
      } else if ((word & 0xBF8003E0) == 0xB90003E0) { // LDR or STR of a W or X register, base SP.
        scan.moves.add(i);
      } else if ((word & 0xFF000010) == 0x54000000 || (word & 0x7E000000) == 0x34000000) {
        // B.cond, and CBZ or CBNZ: 19 bits of distance, in words.
        scan.jump(i, i + (word << 8 >> 13) * 4);
      }
    }
  }
}

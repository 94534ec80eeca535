package dev.unroll.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.unroll.io.DType;
import dev.unroll.io.Safetensors;
import dev.unroll.io.SafetensorsException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A fixed number of inputs from a fixed seed, in every build. */
@Tag("once")
class FuzzTest {

  @Test
  void tuplesOfArguments() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = new byte[11];
      random.nextBytes(bytes);
      ArgumentsFuzzer.fuzzerTestOneInput(bytes);
    }
  }

  @Test
  void tuplesOfArgumentsOfCells() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[36];
      random.nextBytes(bytes);
      CellArgumentsFuzzer.fuzzerTestOneInput(bytes);
    }
  }

  /** A good file with some bytes changed, lost or doubled, as fuzzers do. */
  @Test
  void damagedFiles() throws SafetensorsException {
    byte[] good =
        Safetensors.writer()
            .addBytes("weight", DType.F32, new byte[24], 2, 3)
            .addBytes("bias", DType.BF16, new byte[6], 3)
            .metadata("format", "pt")
            .toBytes();
    SafetensorsFuzzer.fuzzerTestOneInput(good);
    SplittableRandom random = new SplittableRandom(2);
    int different = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = good.clone();
      for (int change = random.nextInt(1, 4); change > 0; change--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      if (random.nextInt(4) == 0) {
        bytes = java.util.Arrays.copyOf(bytes, random.nextInt(2 * bytes.length));
      }
      different += java.util.Arrays.equals(bytes, good) ? 0 : 1;
      SafetensorsFuzzer.fuzzerTestOneInput(bytes);
    }
    assertTrue(different > 19_000);
  }
}

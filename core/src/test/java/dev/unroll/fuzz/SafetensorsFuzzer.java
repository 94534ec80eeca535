package dev.unroll.fuzz;

import dev.unroll.io.Safetensors;
import dev.unroll.io.SafetensorsException;
import dev.unroll.io.TensorInfo;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Any bytes are a file, or refused with the one documented exception, in both ways of reading. */
public final class SafetensorsFuzzer {

  private SafetensorsFuzzer() {}

  /** The target. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    boolean whole = readAll(bytes, false);
    boolean streamed = readAll(bytes, true);
    if (whole != streamed) {
      throw new AssertionError("accepted as bytes: " + whole + ", as a stream: " + streamed);
    }
  }

  private static boolean readAll(byte[] bytes, boolean stream) {
    try (Safetensors file =
        stream ? Safetensors.read(new ByteArrayInputStream(bytes)) : Safetensors.of(bytes)) {
      for (TensorInfo info : file.tensors()) {
        byte[] data = file.bytes(info.name());
        try {
          // What the type allows; anything else is refused.
          float[] unused = file.floats(info.name());
          if (unused.length > 8L * data.length) {
            throw new AssertionError("more values than bits: " + info);
          }
        } catch (SafetensorsException otherType) {
          if (otherType.getMessage() == null) {
            throw new AssertionError("refused without a word", otherType);
          }
        }
      }
      return true;
    } catch (SafetensorsException refused) {
      if (refused.getMessage() == null || refused.getMessage().isBlank()) {
        throw new AssertionError("refused without a word", refused);
      }
      return false;
    } catch (IOException broken) {
      throw new AssertionError("bytes in memory do not fail", broken);
    }
  }
}

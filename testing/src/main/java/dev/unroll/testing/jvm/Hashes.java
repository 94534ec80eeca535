package dev.unroll.testing.jvm;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One SHA-256 for each kernel, over the bits of everything that it gave, in order. Every NaN counts
 * as the same, since which one an operation gives is left open.
 */
public final class Hashes {

  private final Map<String, MessageDigest> digests = new LinkedHashMap<>();

  /** Without any kernel. */
  public Hashes() {}

  /** Takes in results of a kernel. */
  public void add(String kernel, float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
    for (float value : values) {
      bytes.putInt(Float.floatToIntBits(value));
    }
    digests.computeIfAbsent(kernel, name -> sha256()).update(bytes.array());
  }

  /** A new digest. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  /** The hash of each kernel so far, in order of their first results; starts anew. */
  public Map<String, String> take() {
    Map<String, String> hashes = new LinkedHashMap<>();
    digests.forEach(
        (kernel, digest) -> hashes.put(kernel, HexFormat.of().formatHex(digest.digest())));
    digests.clear();
    return hashes;
  }

  /** The lines that {@link HashMatrix} reads: {@code hash.NAME=VALUE}. */
  public static String lines(Map<String, String> hashes) {
    StringBuilder lines = new StringBuilder();
    hashes.forEach(
        (kernel, hash) ->
            lines.append("hash.").append(kernel).append('=').append(hash).append('\n'));
    return lines.toString();
  }
}

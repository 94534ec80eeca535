package dev.unroll.internal.svg;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A field of values as an image that fits into an attribute: a PNG of one pixel for each value.
 *
 * @param left the x of the first column's left edge
 * @param right the x of the last column's right edge
 * @param bottom the y of the first row's lower edge
 * @param top the y of the last row's upper edge
 * @param values [row][column], from 0 to 1
 */
record HeatMap(double left, double right, double bottom, double top, double[][] values) {

  /** Dark blue, blue-green, green, yellow: of growing lightness, also without colours. */
  private static final int[][] STOPS = {
    {68, 1, 84}, {59, 82, 139}, {33, 145, 140}, {94, 201, 98}, {253, 231, 37}
  };

  String dataUri() {
    int height = values.length;
    int width = values[0].length;
    byte[] raw = new byte[height * (1 + 3 * width)];
    int at = 0;
    for (int row = height - 1; row >= 0; row--) {
      raw[at++] = 0;
      for (double value : values[row]) {
        for (int channel = 0; channel < 3; channel++) {
          raw[at++] = (byte) colour(value, channel);
        }
      }
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.writeBytes(new byte[] {(byte) 137, 80, 78, 71, 13, 10, 26, 10});
    // Eight bits of red, green and blue, nothing special.
    chunk(
        png,
        "IHDR",
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put(new byte[] {8, 2, 0, 0, 0})
            .array());
    chunk(png, "IDAT", deflate(raw));
    chunk(png, "IEND", new byte[0]);
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
  }

  private static int colour(double value, int channel) {
    double place = Math.clamp(Double.isNaN(value) ? 0 : value, 0.0, 1.0) * (STOPS.length - 1);
    int below = Math.min((int) place, STOPS.length - 2);
    double share = place - below;
    return (int)
        Math.round(STOPS[below][channel] * (1 - share) + STOPS[below + 1][channel] * share);
  }

  private static byte[] deflate(byte[] raw) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try {
      deflater.setInput(raw);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[8192];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static void chunk(ByteArrayOutputStream png, String type, byte[] data) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    png.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
    png.writeBytes(name);
    png.writeBytes(data);
    png.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }
}

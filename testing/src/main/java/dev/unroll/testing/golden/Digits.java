package dev.unroll.testing.golden;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/**
 * 1797 handwritten digits of 8x8 pixels, of which the last {@link #TEST_IMAGES} are the test set.
 */
public final class Digits {
  /** Rows of an image, the steps of a sequence. */
  public static final int ROWS = 8;

  /** Pixels of a row, the inputs of a step. */
  public static final int COLUMNS = 8;

  /** The images that no training has seen: the last ones. */
  public static final int TEST_IMAGES = 360;

  private static final int PIXELS = ROWS * COLUMNS;
  private static final int BRIGHTEST = 16;

  private final byte[] pixels;
  private final byte[] labels;

  private Digits(byte[] pixels, byte[] labels) {
    this.pixels = pixels;
    this.labels = labels;
  }

  /**
   * Reads {@link GoldenData#DIGITS}.
   *
   * @return all images
   * @throws IOException if the file cannot be read or a line is not 64 pixels and a label
   */
  public static Digits load() throws IOException {
    List<String> lines;
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(GoldenData.open(GoldenData.DIGITS)),
                StandardCharsets.US_ASCII))) {
      lines = reader.lines().toList();
    }
    byte[] pixels = new byte[lines.size() * PIXELS];
    byte[] labels = new byte[lines.size()];
    for (int image = 0; image < lines.size(); image++) {
      String[] fields = lines.get(image).split(",", -1);
      if (fields.length != PIXELS + 1) {
        throw new IOException(
            GoldenData.DIGITS + ", line " + (image + 1) + ": " + fields.length + " fields, not 65");
      }
      for (int i = 0; i < PIXELS; i++) {
        pixels[image * PIXELS + i] = number(fields[i], image, BRIGHTEST);
      }
      labels[image] = number(fields[PIXELS], image, 9);
    }
    return new Digits(pixels, labels);
  }

  private static byte number(String field, int image, int largest) throws IOException {
    int value;
    try {
      value = Integer.parseInt(field);
    } catch (NumberFormatException e) {
      throw new IOException(GoldenData.DIGITS + ", line " + (image + 1) + ": " + field, e);
    }
    if (value < 0 || value > largest) {
      throw new IOException(
          GoldenData.DIGITS + ", line " + (image + 1) + ": " + value + ", not 0 to " + largest);
    }
    return (byte) value;
  }

  /**
   * How many images there are.
   *
   * @return training and test set together
   */
  public int size() {
    return labels.length;
  }

  /**
   * The digit that an image shows.
   *
   * @param image from 0 to {@code size() - 1}
   * @return 0 to 9
   */
  public int label(int image) {
    return labels[image];
  }

  /**
   * Images as sequences of rows, each pixel from 0 to 1, the input that the LSTM was trained on.
   *
   * @param first the first image
   * @param count how many
   * @return [count][8][8], batch first: pixel / 16, which is exact
   * @throws IndexOutOfBoundsException if there are not so many
   */
  public float[] batchFirst(int first, int count) {
    Objects.checkFromIndexSize(first, count, size());
    float[] x = new float[count * PIXELS];
    for (int i = 0; i < x.length; i++) {
      x[i] = pixels[first * PIXELS + i] / (float) BRIGHTEST;
    }
    return x;
  }

  /**
   * Like {@link #batchFirst}, with the steps outermost.
   *
   * @param first the first image
   * @param count how many
   * @return [8][count][8]
   * @throws IndexOutOfBoundsException if there are not so many
   */
  public float[] timeMajor(int first, int count) {
    float[] rows = batchFirst(first, count);
    float[] x = new float[rows.length];
    for (int n = 0; n < count; n++) {
      for (int t = 0; t < ROWS; t++) {
        System.arraycopy(rows, n * PIXELS + t * COLUMNS, x, (t * count + n) * COLUMNS, COLUMNS);
      }
    }
    return x;
  }

  /**
   * The labels of a range of images.
   *
   * @param first the first image
   * @param count how many
   * @return a fresh array
   * @throws IndexOutOfBoundsException if there are not so many
   */
  public int[] labels(int first, int count) {
    Objects.checkFromIndexSize(first, count, size());
    int[] out = new int[count];
    Arrays.setAll(out, i -> labels[first + i]);
    return out;
  }
}
